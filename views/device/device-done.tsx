import { CardPage } from '../layout.tsx';
import { useMessages } from '../look.ts';
import { Name } from '../phrase.tsx';
import { sitePaths } from '../site.ts';

export type DeviceDonePageProps = { readonly outcome: 'connected' | 'denied'; readonly clientName: string };

/** The end of the device flow in the browser. */
export function DeviceDonePage({ outcome, clientName }: DeviceDonePageProps) {
  const { title, body } = useMessages('deviceDone')[outcome];
  const common = useMessages('common');
  return (
    <CardPage title={title}>
      <h1>{title}</h1>
      <p class="lead">{body({ client: <Name>{clientName}</Name> })}</p>
      <p class="card-buttons">
        <a class="button button-quiet" href={sitePaths.account}>
          {common.toAccount}
        </a>
      </p>
    </CardPage>
  );
}
