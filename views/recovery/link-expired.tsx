import { RequestId } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import { sitePaths } from '../site.ts';

export type LinkExpiredPageProps = {
  /** Absent where people cannot ask for a link themselves. */
  readonly newLinkUrl?: string | undefined;
  readonly requestId: string;
};

/** Expired, used and made-up links answer alike. */
export function LinkExpiredPage({ newLinkUrl, requestId }: LinkExpiredPageProps) {
  const text = useMessages('linkExpired');
  const common = useMessages('common');
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      <p>{text.next}</p>
      <p class="card-buttons">
        {newLinkUrl && (
          <Link class="button" href={newLinkUrl}>
            {text.again}
          </Link>
        )}
        <a class="button button-quiet" href={sitePaths.home}>
          {common.toStart}
        </a>
      </p>
      <div class="reference">
        <RequestId label={common.reference} id={requestId} />
      </div>
    </CardPage>
  );
}
