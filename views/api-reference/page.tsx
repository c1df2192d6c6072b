import { SiteLayout } from '../layout.tsx';
import { useMessages } from '../look.ts';
import type { PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import type { OpenApiDocument } from './openapi.ts';
import { operationsByTag } from './openapi.ts';
import { inEnglish, OperationSection } from './operation-section.tsx';

export type ApiReferencePageProps = {
  readonly document: OpenApiDocument;
  readonly person?: PersonSummary | undefined;
};

function tagAnchor(tag: string): string {
  return `tag-${tag.replace(/[^A-Za-z0-9]+/g, '-')}`;
}

function Contents({ groups }: { readonly groups: ReturnType<typeof operationsByTag> }) {
  const text = useMessages('apiReference');
  return (
    <nav class="panel" aria-label={text.contents}>
      <ul class="contents">
        {[...groups].map(([tag, operations]) => (
          <li key={tag}>
            <a href={`#${tagAnchor(tag)}`} {...(tag && inEnglish)}>
              {tag || text.other}
            </a>{' '}
            <span class="hint">{operations.length}</span>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The admin API for people, from the same document that machines read. */
export function ApiReferencePage({ document, person }: ApiReferencePageProps) {
  const text = useMessages('apiReference');
  const groups = operationsByTag(document);
  const described = new Map(document.tags?.map(({ name, description }) => [name, description]));
  return (
    <SiteLayout title={text.title} current="apiReference" person={person}>
      <div class="hero">
        <h1>{text.title}</h1>
        <p class="lead" {...inEnglish}>
          {document.info.title}. {document.info.description}
        </p>
        <p class="hint">
          {text.version({ version: document.info.version })} · <a href={sitePaths.openApi}>{text.machine}</a>
        </p>
        <p>{text.problems}</p>
      </div>
      {groups.size === 0 ? <p>{text.empty}</p> : <Contents groups={groups} />}
      {[...groups].map(([tag, operations]) => (
        <section class="group" key={tag} aria-labelledby={tagAnchor(tag)}>
          <h2 class="group-title" id={tagAnchor(tag)} {...(tag && inEnglish)}>
            {tag || text.other}
          </h2>
          {described.get(tag) && <p {...inEnglish}>{described.get(tag)}</p>}
          {operations.map((operation) => (
            <OperationSection key={operation.id} document={document} operation={operation} />
          ))}
        </section>
      ))}
    </SiteLayout>
  );
}
