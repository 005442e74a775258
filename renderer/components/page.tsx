import { type FormEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import type { ErrorData } from '../../shared/errors/station-error.ts';
import { type LampState, useFrame } from '../stores/frame.ts';
import { type Action, ActionBar, stepForm } from './action-bar.tsx';
import { Icon } from './icon.tsx';
import { ForThePhone, Problem } from './problem.tsx';
import { useStepKeys } from './step-keys.ts';

export interface PageProps {
  readonly testId: string;
  /** The server the page is about, where it is not the wizard's. */
  readonly serverName?: string;
  readonly title: string;
  readonly mark?: LampState | undefined;
  readonly lead?: ReactNode;
  readonly lamp?: LampState;
  readonly next: string;
  readonly tokenName?: string | undefined;
  readonly tokenNote?: string;
  /** A refused command: shown at the top of the page, its code in the panel. */
  readonly problem?: ErrorData | null;
  /** A code to read out although no command was refused. */
  readonly code?: { readonly code: string; readonly clause: string | null } | undefined;
  readonly panel: ReactNode;
  readonly primary?: Action | undefined;
  readonly back?: Action | undefined;
  /** Further buttons, left of the reason. */
  readonly side?: ReactNode;
  /** What stands left of the primary button, or in its place. */
  readonly why?: ReactNode;
  /** Called by the primary button and by Enter. */
  readonly onSubmit?: ((event: FormEvent) => void) | undefined;
  readonly children: ReactNode;
}

const focusable =
  'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex="0"]';

/**
 * One page, one decision: the title says what is true, the lead what it means, the primary button
 * names its effect. Moves the focus to the title when it appears.
 */
export function Page(props: PageProps) {
  const { testId, title, mark, lead, lamp = 'ready', next, problem = null } = props;
  const { serverName = '', tokenName = '', tokenNote = '' } = props;
  const frame = useFrame();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useLayoutEffect(
    () => useFrame.setState({ lamp, next, serverName, tokenName, tokenNote }),
    [lamp, next, serverName, tokenName, tokenNote],
  );
  const region = useRef<HTMLDivElement>(null);
  // A page that scrolls and holds nothing to focus takes the focus itself: else the keyboard could not scroll it.
  useLayoutEffect(() => {
    if (region.current?.querySelector(focusable)) region.current.removeAttribute('tabindex');
    else region.current?.setAttribute('tabindex', '0');
  });
  useStepKeys(props.back?.disabled ? undefined : props.back?.onPress);
  const code = problem ? { code: problem.code, clause: problem.clause } : props.code;
  return (
    <div className="page" data-testid={testId} ref={region}>
      <form
        id={stepForm}
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          props.onSubmit?.(event);
        }}
      >
        <div className="head">
          <h1 tabIndex={-1} ref={heading}>
            {mark && (
              <span className="mark" data-state={mark}>
                <Icon name={mark} />
              </span>
            )}
            {title}
          </h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {problem && <Problem error={problem} />}
        {props.children}
      </form>
      {frame.actions && createPortal(<ActionBar {...props} />, frame.actions)}
      {frame.panel &&
        createPortal(
          <>
            {props.panel}
            {code && <ForThePhone {...code} />}
          </>,
          frame.panel,
        )}
    </div>
  );
}
