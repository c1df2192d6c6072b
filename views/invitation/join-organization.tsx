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
  /** One or more. */
  readonly accounts: readonly Account[];
};

type Account = { readonly id: string; readonly userName: string };

/**
 * Reached by the link in the mail, in whatever browser; showing it uses nothing up. Names the account that joins, or asks
 * which one of those with the address.
 */
export function JoinOrganizationPage({ form, organization, accounts }: JoinOrganizationPageProps) {
  const text = useMessages('joinOrganization');
  const [account, ...others] = accounts;
  const from = <Name>{organization}</Name>;
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">
        {others.length === 0
          ? text.lead({ organization: from, person: <Name>{account?.userName ?? ''}</Name> })
          : text.leadSeveral({ organization: from })}
      </p>
      <p>{text.effect}</p>
      <Form target={form} class="stack">
        {others.length > 0 && <AccountChoice legend={text.which} accounts={accounts} />}
        <button type="submit" class="button button-wide">
          {text.join}
        </button>
      </Form>
      <p class="fine-print">{text.stranger}</p>
    </CardPage>
  );
}

function AccountChoice({ legend, accounts }: { readonly legend: string; readonly accounts: readonly Account[] }) {
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {accounts.map(({ id, userName }, index) => (
        <p key={id} class="check">
          <input type="radio" id={`account-${id}`} name="account" value={id} required checked={index === 0} />
          <label for={`account-${id}`}>{userName}</label>
        </p>
      ))}
    </fieldset>
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
