import { Form } from './form.tsx';
import { useMessages } from './look.ts';
import { Name } from './phrase.tsx';
import type { FormTarget, PersonSummary } from './site.ts';

/** Who the page takes the visitor for. */
export function PersonCard({ person }: { readonly person: PersonSummary }) {
  const common = useMessages('common');
  return (
    <p class="person">
      <span class="visually-hidden">{common.signedInAs} </span>
      <Name>{person.displayName}</Name> <bdi class="person-user-name">{person.userName}</bdi>
    </p>
  );
}

/** POST with `switch=yes`. It stands below the page's own form, whose button must stay the first one (DESIGN §8). */
export function SwitchAccount({ target }: { readonly target: FormTarget }) {
  const common = useMessages('common');
  return (
    <Form target={target}>
      <button type="submit" class="link-button" name="switch" value="yes">
        {common.notYou}
      </button>
    </Form>
  );
}
