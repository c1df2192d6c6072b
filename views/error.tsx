import { RequestId } from './form.tsx';
import { CardPage } from './layout.tsx';
import { Phrase } from './phrase.tsx';
import { safeUrl } from './safe-url.ts';
import { sitePaths } from './site.ts';

const text = {
  back: 'Back to {client}',
  home: 'To the start page',
  reference: 'Reference for your administrator:',
  code: 'Error code:',
  next: 'What you can do',
  other: {
    title: 'Something went wrong',
    happened: 'The request could not be completed. Nothing was changed.',
    next: 'Go back to the application and try again. If it happens again, give your administrator the reference below.',
  },
  byCode: {
    invalid_client: {
      title: 'This application is not known here',
      happened: 'The application that sent you is not registered, or is switched off.',
      next: 'Give the reference below to your administrator or to whoever runs the application.',
    },
    invalid_redirect_uri: {
      title: 'This application is not set up correctly',
      happened: 'The address that you would have been sent back to is not one that is registered for the application.',
      next: 'Do not sign in here. Give the reference below to your administrator; it shows which address was sent.',
    },
    invalid_request: {
      title: 'This request is not valid',
      happened: 'The application sent something that this server cannot accept.',
      next: 'Go back to the application and start again. If it happens again, give the reference to your administrator.',
    },
    access_denied: {
      title: 'You do not have access',
      happened: 'Your account is not allowed to do this.',
      next: 'If you need access, ask your administrator and give the reference below.',
    },
    not_found: {
      title: 'This page does not exist',
      happened: 'The address may be mistyped, or the page has moved.',
      next: 'Check the address, or begin at the start page.',
    },
    method_not_allowed: {
      title: 'This page cannot be used that way',
      happened: 'The address exists, but not for this kind of request.',
      next: 'Go back and use the links and buttons of the page before.',
    },
    form_expired: {
      title: 'This page had been open too long',
      happened: 'Nothing was changed.',
      next: 'Go back, load the page again and repeat what you did.',
    },
    conflict: {
      title: 'This was changed meanwhile',
      happened: 'Someone else changed the same thing at the same time. Your change was not made.',
      next: 'Load the page again and repeat your change.',
    },
    payload_too_large: {
      title: 'That was too much at once',
      happened: 'The request was larger than this server accepts. Nothing was changed.',
      next: 'Go back and send less.',
    },
    temporarily_unavailable: {
      title: 'Not available at the moment',
      happened: 'This server is starting, stopping or being repaired.',
      next: 'Wait a minute and try again.',
    },
    server_error: {
      title: 'Something went wrong on our side',
      happened: 'The server could not complete the request.',
      next: 'Try again in a minute. If it happens again, give your administrator the reference below.',
    },
  },
};

export type ErrorPageProps = {
  /** The OAuth error or our own code; known ones have words of their own, any other gets general ones. */
  readonly code: string;
  readonly requestId: string;
  /** One sentence that is safe for anybody to read; replaces what the code says happened. Never an exception's message. */
  readonly detail?: string | undefined;
  /** Where to go back to, when that address is a registered one. */
  readonly client?: { readonly name: string; readonly url?: string } | undefined;
};

function wordsFor(code: string) {
  const known: Readonly<Record<string, typeof text.other>> = text.byCode;
  return (Object.hasOwn(known, code) ? known[code] : undefined) ?? text.other;
}

/** What happened, what to do next, and the id by which an administrator finds the real reason. */
export function ErrorPage({ code, requestId, detail, client }: ErrorPageProps) {
  const words = wordsFor(code);
  const back = safeUrl(client?.url);
  return (
    <CardPage title={words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{detail ?? words.happened}</p>
      <section>
        <h2>{text.next}</h2>
        <p>{words.next}</p>
      </section>
      <p class="card-buttons">
        {client && back ? (
          <a class="button" href={back}>
            <Phrase text={text.back} with={{ client: <bdi>{client.name}</bdi> }} />
          </a>
        ) : (
          <a class="button button-quiet" href={sitePaths.home}>
            {text.home}
          </a>
        )}
      </p>
      <div class="reference">
        <RequestId label={text.reference} id={requestId} />
        <RequestId label={text.code} id={code} />
      </div>
    </CardPage>
  );
}
