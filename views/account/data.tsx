import { Form, Notice } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { AccountLayout } from './layout.tsx';

export type DataPageProps = {
  readonly person: PersonSummary;
  /** POST. */
  readonly exportForm: FormTarget;
  /** POST with `confirm`; absent where the operator does not let people go by themselves. */
  readonly deletion?: { readonly form: FormTarget; readonly restorableDays: number } | undefined;
  readonly problem?: keyof Messages<'ownData'>['problem'] | undefined;
};

function Deletion({ deletion, problem }: Pick<DataPageProps, 'deletion' | 'problem'>) {
  const text = useMessages('ownData');
  if (!deletion) return null;
  const { form, restorableDays } = deletion;
  const isMissing = problem === 'not_confirmed';
  return (
    <section class="panel" aria-labelledby="delete-title">
      <h2 id="delete-title">{text.deleteTitle}</h2>
      <p>{text.deleteLead}</p>
      <p class="hint">{restorableDays > 0 ? text.restorable({ days: restorableDays }) : text.final}</p>
      <Form target={form} class="stack">
        <div class="check">
          <input
            id="confirm"
            name="confirm"
            type="checkbox"
            value="yes"
            required
            aria-invalid={isMissing ? 'true' : undefined}
            aria-describedby={isMissing ? 'problem' : undefined}
          />
          <label for="confirm">{text.confirm}</label>
        </div>
        <p class="buttons">
          <button type="submit" class="button button-danger">
            {text.delete}
          </button>
        </p>
      </Form>
    </section>
  );
}

/** `/account/data`: take what is kept of me, or have it deleted. */
export function DataPage({ person, exportForm, deletion, problem }: DataPageProps) {
  const text = useMessages('ownData');
  const { errorTitle } = useMessages('common');
  return (
    <AccountLayout title={problem ? errorTitle({ title: text.title }) : text.title} section="data" person={person}>
      <h1>{text.title}</h1>
      {problem && (
        <Notice tone="error" id="problem">
          <p>{text.problem[problem]}</p>
        </Notice>
      )}
      <section class="panel" aria-labelledby="export-title">
        <h2 id="export-title">{text.exportTitle}</h2>
        <p>{text.exportLead}</p>
        <Form target={exportForm}>
          <button type="submit" class="button">
            {text.download}
          </button>
        </Form>
      </section>
      <Deletion deletion={deletion} problem={problem} />
    </AccountLayout>
  );
}

/** There is nobody signed in any more. */
export function AccountDeletedPage({ restorableUntil }: { readonly restorableUntil?: string | undefined }) {
  const text = useMessages('ownData');
  const { toStart } = useMessages('common');
  return (
    <CardPage title={text.deletedTitle}>
      <h1>{text.deletedTitle}</h1>
      <p class="lead">{text.deleted}</p>
      {restorableUntil && <p>{text.until({ date: restorableUntil })}</p>}
      <p class="card-buttons">
        <a class="button button-quiet" href={sitePaths.home}>
          {toStart}
        </a>
      </p>
    </CardPage>
  );
}
