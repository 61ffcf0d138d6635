import { IconButton } from "@/ui/Button";
import { MoonIcon, ScreenIcon, SunIcon } from "@/ui/icons";
import { setTheme, type Theme, useTheme } from "./theme";

const NEXT: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const WORDS: Readonly<Record<Theme, string>> = {
  system: "as the system has it",
  light: "light",
  dark: "dark",
};

export function ThemeSwitch() {
  const theme = useTheme();
  const change = () => {
    setTheme(NEXT[theme]);
  };
  return (
    <IconButton label={`Colours: ${WORDS[theme]}. Change to ${WORDS[NEXT[theme]]}`} onClick={change}>
      {theme === "system" ? <ScreenIcon /> : theme === "light" ? <SunIcon /> : <MoonIcon />}
    </IconButton>
  );
}
