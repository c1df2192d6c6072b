export const developers = {
  problemPage: {
    fields:
      'Every problem answer has a code that names the rule, a request id, and for faulty input the place of each fault.',
    next: 'What to do',
    status: 'HTTP status',
    type: 'Type',
    reference: 'API reference',
    kinds: {
      invalid: {
        title: 'The request is not valid',
        meaning: 'Something in the body or the parameters is not what this operation takes. Nothing was changed.',
        next: 'Read “errors”: each has a pointer (RFC 6901) or a parameter name and says what was expected.',
      },
      unauthenticated: {
        title: 'Authentication is needed',
        meaning: 'There was no access token, or it has expired, was revoked, or is meant for another resource server.',
        next: 'Ask for a token for the resource urn:doorward:admin and send it as “Authorization: Bearer …”.',
      },
      step_up_required: {
        title: 'A stronger or more recent sign-in is needed',
        meaning: 'The token is good, but the sign-in behind it is not strong or recent enough (RFC 9470).',
        next: 'Start a new sign-in with the acr_values or max_age that WWW-Authenticate names.',
      },
      forbidden: {
        title: 'This is not allowed',
        meaning:
          'The token is good, but does not carry the permission for this operation, or it would give more than you have.',
        next: 'The API reference names the permission of each operation. Ask your administrator for a role that has it.',
      },
      not_found: {
        title: 'There is no such resource',
        meaning: 'The id is mistyped, or what it named was deleted.',
        next: 'Look it up with a search of the list.',
      },
      conflict: {
        title: 'This conflicts with what exists',
        meaning: 'A name is taken, or a rule over several things would be broken. Nothing was changed.',
        next: 'The code says which rule; the pointer says which field.',
      },
      precondition: {
        title: 'The resource changed meanwhile',
        meaning: 'If-Match does not name the current version, or is missing where it is needed.',
        next: 'Read the resource again, repeat your change on it, and send its ETag as If-Match.',
      },
      limited: {
        title: 'Too many requests',
        meaning: 'A limit was reached. Nothing was changed.',
        next: 'Wait for as many seconds as Retry-After says, then try again.',
      },
      server_error: {
        title: 'Something went wrong on our side',
        meaning: 'The server failed. The answer holds nothing but the request id.',
        next: 'Give the request id to your administrator, who finds the reason in the log by it.',
      },
    },
  },
  integrate: {
    title: 'Connect an app',
    lead: 'Three steps: register the application here, give its library the address below, and ask for what you need.',
    address: 'What every application needs',
    issuer: 'Issuer',
    discovery: 'Discovery',
    register: '1. Register',
    registerHint: 'Put this into a file, doorward.yaml, and apply it. Applying twice does no harm.',
    copy: '2. Copy into your code',
    applyTitle: 'Apply the file',
    applyDry: 'Add --dry-run to see the plan first. The admin API can register applications too.',
    label: '{kind}: {step}',
    kinds: {
      web: {
        title: 'A web app with a server',
        lead: 'Keeps a secret and a session of its own. Uses code with PKCE.',
      },
      spa: {
        title: 'A single-page app',
        lead: 'Runs in the browser, so it has no secret. Uses code with PKCE.',
      },
      service: {
        title: 'A service',
        lead: 'No person is there. Gets a token of its own by client credentials.',
      },
      api: {
        title: 'An API that checks tokens',
        lead: 'Accepts access tokens meant for it, and nothing else.',
      },
    },
    scopes: 'What you can ask for',
    scope: 'Scope',
    gives: 'What it gives',
    scopeList: {
      openid: 'who signed in: the subject, nothing more',
      profile: 'name, user name, picture, language, time zone',
      email: 'e-mail address and whether it is verified',
      contact: 'postal address; phone number',
      memberships: 'names, as flat lists',
      permissions: 'what the person may do in this application or API',
      offline: 'a refresh token that outlives the session',
    },
    reference: 'API reference',
  },
  apiReference: {
    title: 'API reference',
    version: 'Version {version}',
    machine: 'The same as an OpenAPI 3.1 document',
    contents: 'Contents',
    problems:
      'Errors are problem documents (RFC 9457, application/problem+json) with a type, a title, a detail and the request id.',
    other: 'Other',
    empty: 'The document names no operation.',
    permission: 'Permission:',
    anySignedIn: 'none beyond a valid token',
    parameters: 'Parameters',
    body: 'Body',
    answers: 'Answers',
    name: 'Name',
    where: 'Where',
    type: 'Type',
    meaning: 'Meaning',
    required: 'required',
  },
} as const;
