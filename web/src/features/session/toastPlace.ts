/** Where toasts cover neither the suggestion nor its buttons: it is at the right, and on a phone further down. */
export function toastPlace(): "bottom-left" | "top-center" {
  return matchMedia("(max-width: 40rem)").matches ? "top-center" : "bottom-left";
}
