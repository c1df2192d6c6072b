import { CardPage } from '../layout.tsx';
import { Name, Phrase } from '../phrase.tsx';
import { sitePaths } from '../site.ts';

const text = {
  connected: {
    title: 'The device is connected',
    body: '{client} continues on your device in a moment. You can close this page.',
  },
  denied: { title: 'The device was not connected', body: '{client} gets no access. You can close this page.' },
  account: 'To my account',
};

export type DeviceDonePageProps = { readonly outcome: 'connected' | 'denied'; readonly clientName: string };

/** The end of the device flow in the browser. */
export function DeviceDonePage({ outcome, clientName }: DeviceDonePageProps) {
  const { title, body } = text[outcome];
  return (
    <CardPage title={title}>
      <h1>{title}</h1>
      <p class="lead">
        <Phrase text={body} with={{ client: <Name>{clientName}</Name> }} />
      </p>
      <p class="card-buttons">
        <a class="button button-quiet" href={sitePaths.account}>
          {text.account}
        </a>
      </p>
    </CardPage>
  );
}
