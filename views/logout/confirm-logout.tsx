import { Form } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { PersonCard } from '../person.tsx';
import { Name, Phrase } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';

const text = {
  title: 'Sign out?',
  asks: '{client} asks to sign you out.',
  effect: 'You will be signed out of Doorward and of the applications you use with it in this browser.',
  logout: 'Sign out',
  stay: 'Stay signed in',
};

export type ConfirmLogoutPageProps = {
  /** POST with `logout=yes`, or `stay=yes` without it. The provider's `xsrf` goes into `fields`. */
  readonly form: FormTarget;
  readonly clientName?: string | undefined;
  readonly person?: PersonSummary | undefined;
};

/** RP-Initiated Logout 1.0 §2: the person is asked; `name=logout value=yes` confirms (DESIGN §8). */
export function ConfirmLogoutPage({ form, clientName, person }: ConfirmLogoutPageProps) {
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">
        {clientName && (
          <>
            <Phrase text={text.asks} with={{ client: <Name>{clientName}</Name> }} />{' '}
          </>
        )}
        {text.effect}
      </p>
      {person && <PersonCard person={person} />}
      <Form target={form} class="decision">
        <button type="submit" class="button" name="logout" value="yes">
          {text.logout}
        </button>
        <button type="submit" class="button button-quiet" name="stay" value="yes">
          {text.stay}
        </button>
      </Form>
    </CardPage>
  );
}
