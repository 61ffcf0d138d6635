export function LearningPage({ eventId }: { readonly eventId: string }) {
  return <h1>Learning of {eventId}</h1>;
}
