export function RoomPage({ sessionId }: { readonly sessionId: string }) {
  return <h1>{sessionId}</h1>;
}
