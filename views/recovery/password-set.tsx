import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';

/** After the one-time link was used. Nobody is signed in by it. */
export function PasswordSetPage({ signInUrl }: { readonly signInUrl: string }) {
  const text = useMessages('passwordSet');
  const common = useMessages('common');
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      <p class="card-buttons">
        <Link class="button" href={signInUrl}>
          {common.signIn}
        </Link>
      </p>
    </CardPage>
  );
}
