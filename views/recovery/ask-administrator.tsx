import { CardPage } from '../layout.tsx';
import { sitePaths } from '../site.ts';

const text = {
  title: 'Forgot your password?',
  lead: 'Ask your administrator for a one-time link. With it you choose a new password yourself.',
  next: 'The link works once, in any browser, and nobody else gets to know the password you choose.',
  home: 'To the start page',
};

/** Where "Forgot your password?" leads while links are not sent by mail. */
export function AskAdministratorPage() {
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      <p>{text.next}</p>
      <p class="card-buttons">
        <a class="button button-quiet" href={sitePaths.home}>
          {text.home}
        </a>
      </p>
    </CardPage>
  );
}
