import { Form } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { Name, Phrase } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';

const text = {
  title: 'Confirm your address',
  lead: '{address} becomes a confirmed address of the account {person}.',
  effect: 'It can then be used to sign in to that account and to get back in.',
  stranger: 'Not your account? Then close this page: nothing happens without you.',
  confirm: 'Confirm this address',
  doneTitle: 'Your address is confirmed',
  done: 'From now on you can sign in with it, and get back in when you forget your password.',
  account: 'To my account',
};

type ConfirmEmailPageProps = {
  /** POST; the link's token goes into `fields`. */
  readonly form: FormTarget;
  readonly person: PersonSummary;
  readonly address: string;
};

/** Reached by a one-time link, in whatever browser. Names the account, so that nobody confirms an address for somebody else's. */
export function ConfirmEmailPage({ form, person, address }: ConfirmEmailPageProps) {
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">
        <Phrase text={text.lead} with={{ address: <Name>{address}</Name>, person: <Name>{person.userName}</Name> }} />
      </p>
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
  return (
    <CardPage title={text.doneTitle}>
      <h1>{text.doneTitle}</h1>
      <p class="lead">{text.done}</p>
      <p class="card-buttons">
        <Link class="button" href={accountUrl}>
          {text.account}
        </Link>
      </p>
    </CardPage>
  );
}
