import { Form } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import { Name } from '../phrase.tsx';
import type { FormTarget } from '../site.ts';

type JoinOrganizationPageProps = {
  /** POST; the link's token goes into `fields`. */
  readonly form: FormTarget;
  readonly organization: string;
  readonly userName: string;
};

/** Reached by the link in the mail, in whatever browser; showing it uses nothing up. Names the account that joins. */
export function JoinOrganizationPage({ form, organization, userName }: JoinOrganizationPageProps) {
  const text = useMessages('joinOrganization');
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead({ organization: <Name>{organization}</Name>, person: <Name>{userName}</Name> })}</p>
      <p>{text.effect}</p>
      <Form target={form} class="stack">
        <button type="submit" class="button button-wide">
          {text.join}
        </button>
      </Form>
      <p class="fine-print">{text.stranger}</p>
    </CardPage>
  );
}

type JoinedOrganizationPageProps = { readonly organization: string; readonly accountUrl: string };

export function JoinedOrganizationPage({ organization, accountUrl }: JoinedOrganizationPageProps) {
  const text = useMessages('joinOrganization');
  return (
    <CardPage title={text.doneTitle}>
      <h1>{text.doneTitle}</h1>
      <p class="lead">{text.done({ organization: <Name>{organization}</Name> })}</p>
      <p class="card-buttons">
        <Link class="button" href={accountUrl}>
          {text.account}
        </Link>
      </p>
    </CardPage>
  );
}
