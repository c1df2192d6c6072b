// The one place where parts are built and handed what they need; compose-*.ts are its chapters.
// Nothing in them decides anything about the business.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { composeDoors } from './compose-doors.ts';
import { startDuties } from './compose-duties.ts';
import type { ComposeParts, Foundation } from './compose-foundation.ts';
import { registerGauges } from './compose-gauges.ts';
import { composeMail } from './compose-mail.ts';
import { composePresentation } from './compose-presentation.ts';
import { composeProvider } from './compose-provider.ts';
import { createOutboundFetch } from './connectors/outbound-fetch.ts';
import { createBrandingLookup } from './domain/branding/branding-lookup.ts';
import { createHttpApp } from './endpoints/http/app.tsx';
import { answerBrokenRequest } from './endpoints/http/broken-request.ts';
import { createRequestNormalizer } from './endpoints/http/client-address.ts';
import { sendDirectAnswers } from './endpoints/http/direct-answers.ts';
import { answerPublished } from './endpoints/http/published-answers.ts';
import { createRequestRecorder } from './endpoints/http/request-log.ts';

export type ComposedServer = {
  readonly handle: (req: IncomingMessage, res: ServerResponse) => void;
  /** The answer, as it goes over the wire, to what is no request. */
  readonly answerBroken: (error: Error) => string;
  /** From now on load balancers are told to look elsewhere. */
  drain(): void;
  /** Writes under way, then the duties, each finishing its run; foundation and database stay open. */
  stop(): Promise<void>;
};

export function composeServer(parts: ComposeParts, foundation: Foundation): ComposedServer {
  const { configuration, logger } = parts;
  const { telemetry } = foundation;
  const outbound = createOutboundFetch(configuration.outboundAllow);
  const provider = composeProvider(parts, foundation, { telemetry, fetch: outbound.fetch });
  const presentation = composePresentation(configuration, parts.words, createBrandingLookup(foundation));
  const mail = composeMail({
    ...foundation,
    configuration,
    presentation,
    observe: (kind, result) => telemetry.mails.inc({ kind, result }),
  });
  let isDraining = false;
  const { issuer } = configuration;
  const record = createRequestRecorder({ logger, requests: telemetry.requests });
  const published = answerPublished({ issuer, record, find: provider.published });
  const direct = sendDirectAnswers({ issuer, record, find: provider.direct });
  const app = createHttpApp({
    issuer,
    logger,
    record,
    presentation,
    doors: composeDoors(parts, foundation, {
      provider,
      telemetry,
      mail,
      brandings: presentation.brandings,
      fetch: outbound.fetch,
      isDraining: () => isDraining,
    }),
  });
  const normalize = createRequestNormalizer(configuration);
  const answer = app.callback();
  const duties = startDuties(parts, foundation, { provider, mail, fetch: outbound.fetch });
  registerGauges(telemetry, foundation);

  return {
    handle(req, res) {
      if (published(req, res)) return;
      normalize(req);
      direct(req, res, () => void answer(req, res));
    },
    answerBroken: (error) => answerBrokenRequest(error, { issuer, logger }),
    drain() {
      isDraining = true;
    },
    async stop() {
      await provider.stop();
      await foundation.throttle.idle();
      for (const duty of duties) await duty.stop();
      mail.close();
      await outbound.close();
    },
  };
}
