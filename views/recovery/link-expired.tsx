import { RequestId } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { sitePaths } from '../site.ts';

const text = {
  title: 'This link no longer works',
  happened: 'It has expired, was used already, or was replaced by a newer one. Nothing was changed.',
  next: 'Ask for a new link, or ask your administrator for one.',
  again: 'Ask for a new link',
  home: 'To the start page',
  reference: 'Reference for your administrator:',
};

export type LinkExpiredPageProps = {
  /** Absent where people cannot ask for a link themselves. */
  readonly newLinkUrl?: string | undefined;
  readonly requestId: string;
};

/** Expired, used and made-up links answer alike. */
export function LinkExpiredPage({ newLinkUrl, requestId }: LinkExpiredPageProps) {
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.happened}</p>
      <p>{text.next}</p>
      <p class="card-buttons">
        {newLinkUrl && (
          <Link class="button" href={newLinkUrl}>
            {text.again}
          </Link>
        )}
        <a class="button button-quiet" href={sitePaths.home}>
          {text.home}
        </a>
      </p>
      <div class="reference">
        <RequestId label={text.reference} id={requestId} />
      </div>
    </CardPage>
  );
}
