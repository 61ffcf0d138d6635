import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "@/ui/toast";
import { useState } from "react";
import { asProblem } from "@/api/problem";
import { nameOf } from "@/core/sessions";
import { Button } from "@/ui/Button";
import { DownloadIcon } from "@/ui/icons";
import { Menu, MenuItem } from "@/ui/Menu";
import { download, type Format } from "./download";
import { SummaryDialog } from "./SummaryDialog";
import { summaryText } from "./text";
import { clockOf, summaryOf } from "./useSummary";

/** What can be taken away from a session. */
export function ExportMenu({ sessionId }: { readonly sessionId: string }) {
  const queries = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const save = useMutation({
    mutationFn: async (format: Format) => {
      const { title } = await queries.query(summaryOf(sessionId));
      await download(sessionId, nameOf({ title, sessionId }), format);
    },
    onSuccess: (_, format) => {
      toast.success(`Interventions saved as ${format.toUpperCase()}`);
    },
    onError: (error) => {
      toast.error("Nothing was saved", { description: asProblem(error).message });
    },
  });
  const copy = useMutation({
    mutationFn: async () => {
      const summary = await queries.query(summaryOf(sessionId));
      await navigator.clipboard.writeText(summaryText(summary, clockOf));
    },
    onSuccess: () => {
      toast.success("Summary copied");
    },
    onError: (error) => {
      toast.error("Nothing was copied", { description: asProblem(error).message });
    },
  });
  return (
    <>
      <Menu
        trigger={
          <Button icon={<DownloadIcon />} busy={save.isPending || copy.isPending}>
            Export
          </Button>
        }
      >
        <MenuItem
          hint="Score, falls, and what helped"
          onSelect={() => {
            setIsOpen(true);
          }}
        >
          Summary…
        </MenuItem>
        <MenuItem
          onSelect={() => {
            copy.mutate();
          }}
        >
          Copy the summary as text
        </MenuItem>
        <MenuItem
          hint="For spreadsheets"
          onSelect={() => {
            save.mutate("csv");
          }}
        >
          Interventions as CSV
        </MenuItem>
        <MenuItem
          hint="For programs"
          onSelect={() => {
            save.mutate("json");
          }}
        >
          Interventions as JSON
        </MenuItem>
      </Menu>
      <SummaryDialog
        sessionId={sessionId}
        open={isOpen}
        onOpenChange={setIsOpen}
        onCopy={() => {
          copy.mutate();
        }}
      />
    </>
  );
}
