export function SettingsPage({ eventId }: { readonly eventId: string }) {
  return <h1>Settings of {eventId}</h1>;
}
