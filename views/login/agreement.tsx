import { OneField, type ProfileField } from '../account/profile.tsx';
import { Form, Notice } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { PersonCard, SwitchAccount } from '../person.tsx';
import { Name } from '../phrase.tsx';
import type { ClientSummary, FormTarget, PersonSummary } from '../site.ts';

export type AgreementProblem = keyof Messages<'agreement'>['problem'];

export type AgreementPageProps = {
  /** POST with `terms.N=accepted` and the fields. */
  readonly form: FormTarget;
  /** Absent for the account pages. */
  readonly client: ClientSummary | undefined;
  readonly person: PersonSummary;
  /** In the words of whoever wrote the policy. */
  readonly terms: readonly {
    readonly name: string;
    readonly title: string;
    readonly version: string;
    readonly url: string;
    readonly isAccepted: boolean;
  }[];
  readonly fields: readonly ProfileField[];
  readonly problem?: AgreementProblem | undefined;
  /** POST with `cancel=yes`; the application is told access_denied. */
  readonly cancel: FormTarget;
  readonly switchAccount: FormTarget;
};

/** What is asked of somebody before they go on: documents to accept, and what is not known of them yet. */
export function AgreementPage({
  form,
  client,
  person,
  terms,
  fields,
  problem,
  cancel,
  switchAccount,
}: AgreementPageProps) {
  const text = useMessages('agreement');
  const common = useMessages('common');
  const [first] = fields.filter((field) => field.problem);
  return (
    <CardPage title={problem ? common.errorTitle({ title: text.title }) : text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{client ? text.lead({ client: <Name>{client.name}</Name> }) : text.leadHere}</p>
      {problem && (
        <Notice tone="error" id="problem">
          <p>
            {problem === 'terms_missing' || first ? (
              <a href={`#${first ? first.id : terms.find((one) => !one.isAccepted)?.name}`}>{text.problem[problem]}</a>
            ) : (
              text.problem[problem]
            )}
          </p>
        </Notice>
      )}
      <PersonCard person={person} />
      <Form target={form} class="stack">
        {fields.map((field) => (
          <OneField key={field.id} field={field} />
        ))}
        {terms.map(({ name, title, version, url, isAccepted }) => (
          <div key={name} class="check">
            <input
              type="checkbox"
              id={name}
              name={name}
              value="accepted"
              checked={isAccepted}
              aria-describedby={`${name}-version`}
              aria-invalid={problem === 'terms_missing' && !isAccepted ? 'true' : undefined}
            />
            <div>
              <label for={name}>{text.accept({ document: <Link href={url}>{title}</Link> })}</label>
              <p class="hint" id={`${name}-version`}>
                {text.version({ version: <bdi>{version}</bdi> })}
              </p>
            </div>
          </div>
        ))}
        <button type="submit" class="button button-wide">
          {common.goOn}
        </button>
      </Form>
      <div class="card-actions">
        <Form target={cancel}>
          <button type="submit" class="link-button" name="cancel" value="yes">
            {client ? common.cancelTo({ client: <bdi>{client.name}</bdi> }) : common.cancel}
          </button>
        </Form>
        <SwitchAccount target={switchAccount} />
      </div>
    </CardPage>
  );
}
