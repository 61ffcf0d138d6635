import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRouter, RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { onSignIn } from "@/api/auth";
import { Problem } from "@/api/problem";
import { enter, followLinks } from "@/app/entering";
import { Failed, NotFound, Pending } from "@/app/Fallbacks";
import { routes } from "@/app/routes";
import { useTheme } from "@/app/theme";
import "@/ui/base.css";
import { Notices } from "@/ui/Notices";

enter();
followLinks();

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What was refused stays refused; what could not be reached may be there in a second.
      retry: (failures, error) => failures < 2 && error instanceof Problem && error.isPassing,
      staleTime: 2_000,
    },
  },
});

const router = createRouter({
  routeTree: routes,
  defaultPreload: "intent",
  defaultPendingComponent: Pending,
  defaultErrorComponent: Failed,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

onSignIn(() => {
  queries.clear();
  void router.invalidate();
});

function App() {
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Notices theme={useTheme()} />
    </QueryClientProvider>
  );
}

const place = document.getElementById("root");
if (place === null) throw new Error("index.html has no element #root");
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
