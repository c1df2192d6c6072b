import { Form } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import { PersonCard } from '../person.tsx';
import { Name } from '../phrase.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';

export type ConfirmLogoutPageProps = {
  /** POST with `logout=yes`, or `stay=yes` without it. The provider's `xsrf` goes into `fields`. */
  readonly form: FormTarget;
  readonly clientName?: string | undefined;
  readonly person?: PersonSummary | undefined;
};

/** RP-Initiated Logout 1.0 §2: the person is asked; `name=logout value=yes` confirms (DESIGN §8). */
export function ConfirmLogoutPage({ form, clientName, person }: ConfirmLogoutPageProps) {
  const text = useMessages('confirmLogout');
  const { product } = useMessages('layout');
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">
        {clientName && <>{text.asks({ client: <Name>{clientName}</Name> })} </>}
        {text.effect({ product })}
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
