import { shortType } from '../logic/names.ts';

export interface Step {
  readonly name: string;
  /** "1.2 MB" */
  readonly note?: string;
}

/** What holds what, from the root down to the object, as a picture that is also a list. */
export function PathPicture({ steps, label }: { steps: readonly Step[]; label: string }) {
  return (
    <ol class="path" aria-label={label}>
      {steps.map(({ name, note }, index) => {
        const kind = index === 0 ? 'root' : index === steps.length - 1 ? 'object' : '';
        const root = /^(static|handle|stack|thread static|finalizer queue|pinned|strong|local)\b/i.exec(name)?.[0];
        const rest = root ? name.slice(root.length).trim() : name;
        return (
          <li key={index} class={kind} title={name}>
            {root && <span class="mark">{root}</span>}
            <b>{index === 0 && root ? rest : shortType(rest)}</b>
            {note && <span class="dim"> {note}</span>}
          </li>
        );
      })}
    </ol>
  );
}
