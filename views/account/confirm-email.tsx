import { Form } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import { Name } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';

type ConfirmEmailPageProps = {
  /** POST; the link's token goes into `fields`. */
  readonly form: FormTarget;
  readonly person: PersonSummary;
  readonly address: string;
};

/** Reached by a one-time link, in whatever browser. Names the account, so that nobody confirms an address for somebody else's. */
export function ConfirmEmailPage({ form, person, address }: ConfirmEmailPageProps) {
  const text = useMessages('confirmEmail');
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead({ address: <Name>{address}</Name>, person: <Name>{person.userName}</Name> })}</p>
      <p>{text.effect}</p>
      <Form target={form} class="stack">
        <button type="submit" class="button button-wide">
          {text.confirm}
        </button>
      </Form>
      <p class="fine-print">{text.stranger}</p>
    </CardPage>
  );
}

export function EmailConfirmedPage({ accountUrl }: { readonly accountUrl: string }) {
  const text = useMessages('confirmEmail');
  const common = useMessages('common');
  return (
    <CardPage title={text.doneTitle}>
      <h1>{text.doneTitle}</h1>
      <p class="lead">{text.done}</p>
      <p class="card-buttons">
        <Link class="button" href={accountUrl}>
          {common.toAccount}
        </Link>
      </p>
    </CardPage>
  );
}
