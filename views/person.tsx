import { Form } from './form.tsx';
import { Name } from './phrase.tsx';
import type { FormTarget, PersonSummary } from './site.ts';

const text = { signedInAs: 'Signed in as', notYou: 'Not you? Sign in as someone else' };

/** Who the page takes the visitor for. */
export function PersonCard({ person }: { readonly person: PersonSummary }) {
  return (
    <p class="person">
      <span class="visually-hidden">{text.signedInAs} </span>
      <Name>{person.displayName}</Name> <bdi class="person-user-name">{person.userName}</bdi>
    </p>
  );
}

/** POST with `switch=yes`. It stands below the page's own form, whose button must stay the first one (DESIGN §8). */
export function SwitchAccount({ target }: { readonly target: FormTarget }) {
  return (
    <Form target={target}>
      <button type="submit" class="link-button" name="switch" value="yes">
        {text.notYou}
      </button>
    </Form>
  );
}
