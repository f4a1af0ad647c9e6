# syntax=docker/dockerfile:1
# Two stages: the package is built and packed as npm would publish it, and only that goes into the image that runs.

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# No install scripts: every native part comes prebuilt, and nothing of a dependency runs while the image is made.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build \
 && mkdir /package \
 && npm pack --ignore-scripts --pack-destination /package \
 && tar -xzf /package/*.tgz -C /package --strip-components=1 \
 && rm /package/*.tgz \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 && mv node_modules /package/node_modules \
 && chmod 755 /package/dist/cli/bin.cjs

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="borderflow" \
      org.opencontainers.image.description="Border-crossing statistics: events in, exactly once, aggregates out" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    BORDERFLOW_DATA_FOLDER=/data \
    BORDERFLOW_KEYS_FOLDER=/keys
COPY --from=build /package /app
# Volumes take over the owner and the mode of these folders. The keys lie beside the data, never in it.
RUN ln -s /app/dist/cli/bin.cjs /usr/local/bin/borderflow \
 && install -d -m 700 -o node -g node /data /keys
USER node
WORKDIR /data
VOLUME ["/data", "/keys"]
EXPOSE 8080
# Within the container, so it works whatever address is published. With TLS of its own (BORDERFLOW_HTTP_TLS_*) or with
# HTTP switched off, give another check.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.BORDERFLOW_HTTP_PORT || 8080}/health`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["borderflow"]
CMD ["start"]
