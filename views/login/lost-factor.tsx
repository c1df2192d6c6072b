import { Form, Notice } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { PersonCard } from '../person.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';

export type LostFactorProblem = keyof Messages<'lostFactor'>['problem'];

type LostFactorPageProps = {
  /** Whose first factor was verified. */
  readonly person: PersonSummary;
  readonly days: number;
  /** No code could be asked for: passkeys are all they have. */
  readonly isPasskey?: boolean;
  /** POST with `start=yes`. */
  readonly form: FormTarget;
  readonly backUrl: string;
  readonly problem?: LostFactorProblem | undefined;
};

/** For whoever has neither their second factor nor what stands in for it. */
export function LostFactorPage({ person, days, isPasskey = false, form, backUrl, problem }: LostFactorPageProps) {
  const text = useMessages('lostFactor');
  const { errorTitle } = useMessages('common');
  return (
    <CardPage title={problem ? errorTitle({ title: text.title }) : text.title}>
      <h1>{text.title}</h1>
      {problem && (
        <Notice tone="error">
          <p>{text.problem[problem]}</p>
        </Notice>
      )}
      <PersonCard person={person} />
      <p>{text.lead({ days })}</p>
      <p class="hint">{isPasskey ? text.passkey.faster : text.faster}</p>
      <Form target={form} class="stack">
        <button type="submit" class="button button-wide" name="start" value="yes">
          {text.start}
        </button>
      </Form>
      <div class="card-actions">
        <Link href={backUrl}>{isPasskey ? text.passkey.back : text.back}</Link>
      </div>
    </CardPage>
  );
}

export function FactorRecoveryBegunPage({
  when,
  isPasskey = false,
}: {
  readonly when: string;
  readonly isPasskey?: boolean;
}) {
  const text = useMessages('lostFactor');
  const { toStart } = useMessages('common');
  return (
    <CardPage title={text.startedTitle}>
      <h1>{text.startedTitle}</h1>
      <p class="lead">{text.started({ when })}</p>
      <p>{isPasskey ? text.passkey.faster : text.faster}</p>
      <p class="card-buttons">
        <a class="button button-quiet" href={sitePaths.home}>
          {toStart}
        </a>
      </p>
    </CardPage>
  );
}
