# Doorward in production shape: built in one stage, run in another without compiler, sources or root.
# Embedded database and keys:  docker run -p 3000:3000 -v doorward-data:/data -v doorward-keys:/keys doorward
# Another PostgreSQL:          see compose.yaml
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund --loglevel=error
COPY tsconfig.json ./
COPY scripts scripts
COPY migrations migrations
COPY views views
COPY src src
RUN node --input-type=module -e "import { setUp } from '/app/scripts/setup.mjs'; await setUp()"
RUN npm prune --omit=dev --no-audit --no-fund --loglevel=error
# What belongs to the user who runs it; everything else stays root's and cannot be changed.
RUN mkdir -p /volumes/data /volumes/keys && chmod 700 /volumes/data /volumes/keys

FROM node:24-slim
ENV NODE_ENV=production \
    DOORWARD_DATA_DIR=/data \
    DOORWARD_KEYS_DIR=/keys
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/scripts scripts
COPY --from=build /app/dist dist
COPY --from=build --chown=node:node /volumes/ /
USER node
VOLUME ["/data", "/keys"]
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "/app/scripts/healthcheck.mjs"]
# `docker run doorward users create …` runs a command instead.
ENTRYPOINT ["node", "/app/scripts/doorward.mjs"]
CMD ["start"]
