import { Field, Form, Notice } from '../form.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { Name } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';
import { AccountLayout } from './layout.tsx';

export type EmailProblem =
  | { readonly kind: keyof Messages<'ownEmail'>['problem'] }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

export type EmailPageProps = {
  readonly person: PersonSummary;
  /** The present address was confirmed. */
  readonly isProved: boolean;
  /** POST `email`; absent where people do not change it themselves. */
  readonly form?: FormTarget | undefined;
  readonly pending?:
    | {
        readonly newAddress: string;
        /** Addresses that have not confirmed yet. */
        readonly waitsFor: readonly string[];
        /** In words. */
        readonly until: string;
        readonly cancel: FormTarget;
      }
    | undefined;
  readonly problem?: EmailProblem | undefined;
  readonly typed?: string | undefined;
};

const atField = ['address_invalid', 'address_same'];

function ProblemNotice({ problem }: { readonly problem: EmailProblem }) {
  const text = useMessages('ownEmail');
  const waitTime = useWaitTime();
  return (
    <Notice tone={problem.kind === 'throttled' ? 'wait' : 'error'}>
      <p>
        {problem.kind === 'throttled'
          ? text.throttled({ wait: waitTime(problem.retryAfterSeconds) })
          : text.problem[problem.kind]}
      </p>
    </Notice>
  );
}

function Pending({ pending }: Pick<EmailPageProps, 'pending'>) {
  const text = useMessages('ownEmail');
  if (!pending) return null;
  return (
    <section class="panel" aria-labelledby="pending-title">
      <h2 id="pending-title">{text.pendingTitle}</h2>
      <p>{text.pending({ address: <Name>{pending.newAddress}</Name>, until: pending.until })}</p>
      <ul>
        {pending.waitsFor.map((address) => (
          <li key={address}>
            <bdi>{address}</bdi>
          </li>
        ))}
      </ul>
      <Form target={pending.cancel}>
        <button type="submit" name="cancel" value="yes" class="button button-quiet">
          {text.cancel}
        </button>
      </Form>
    </section>
  );
}

function Change({ form, isProved, problem, typed }: EmailPageProps) {
  const text = useMessages('ownEmail');
  if (!form) return <p class="hint">{text.problem.change_off}</p>;
  const error = problem && problem.kind !== 'throttled' && atField.includes(problem.kind);
  return (
    <section class="panel" aria-labelledby="change-title">
      <h2 id="change-title">{text.change}</h2>
      <Form target={form} class="stack">
        <Field
          name="email"
          label={text.field}
          type="email"
          autoComplete="email"
          maxLength={320}
          value={typed}
          hint={isProved ? text.hint : text.hintFirst}
          error={error ? text.problem[problem.kind] : undefined}
          autoFocus={problem !== undefined}
        />
        <button type="submit" class="button">
          {text.submit}
        </button>
      </Form>
    </section>
  );
}

/** `/account/email`: where mail about the account goes, and how that changes. */
export function EmailPage(props: EmailPageProps) {
  const text = useMessages('ownEmail');
  const { errorTitle } = useMessages('common');
  const { person, problem } = props;
  return (
    <AccountLayout title={problem ? errorTitle({ title: text.title }) : text.title} section="account" person={person}>
      <h1>{text.title}</h1>
      <p class="lead">{person.email ? text.lead({ address: <Name>{person.email}</Name> }) : text.none}</p>
      {problem && !atField.includes(problem.kind) && <ProblemNotice problem={problem} />}
      <Pending pending={props.pending} />
      <Change {...props} />
    </AccountLayout>
  );
}
