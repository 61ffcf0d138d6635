import css from "./Skeleton.module.css";

interface Props {
  readonly width?: string;
  readonly height?: string;
}

/** Where something will stand once it is known. Put `<Loading>` around several. */
export function Skeleton({ width = "100%", height = "1.25rem" }: Props) {
  return <span aria-hidden="true" className={css.skeleton} style={{ width, height }} />;
}

interface LoadingProps {
  readonly what: string;
  readonly children: React.ReactNode;
}

/** Says once, to those who do not see skeletons, what is being loaded. */
export function Loading({ what, children }: LoadingProps) {
  return (
    <div role="status">
      <span className="unseen">Loading {what}</span>
      {children}
    </div>
  );
}
