import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import { sitePaths } from '../site.ts';

/** Where "Forgot your password?" leads while links are not sent by mail. */
export function AskAdministratorPage() {
  const text = useMessages('askAdministrator');
  const common = useMessages('common');
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      <p>{text.hint}</p>
      <p class="card-buttons">
        <a class="button button-quiet" href={sitePaths.home}>
          {common.toStart}
        </a>
      </p>
    </CardPage>
  );
}
