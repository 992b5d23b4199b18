# The build needs no Go, because bundles/ is committed and reproducible (make verify-bundles).
# The digest is that of the image for all platforms, with Node 24.19.0 on Debian bookworm. Dependabot updates both.
# The build runs on the platform of the builder, and its result on every platform. The image itself runs no command.
FROM --platform=$BUILDPLATFORM node:24-slim@sha256:a9f5f7c91a432850b2a8a7797adf5eadb6c733ceed61167806cee7ea7fbc29df AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build-cli.ts scripts/third-party.ts scripts/modules.json scripts/
COPY bundles/policy.wasm bundles/rules.json bundles/
COPY src src
RUN npm run --silent build:cli
RUN mkdir bin && ln -s /opt/keywarden/dist/cli.js bin/keywarden

FROM node:24-slim@sha256:a9f5f7c91a432850b2a8a7797adf5eadb6c733ceed61167806cee7ea7fbc29df
LABEL org.opencontainers.image.title="Keywarden" \
      org.opencontainers.image.description="Checks AWS KMS keys before they ship" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/keywarden/keywarden"
WORKDIR /opt/keywarden
COPY package.json LICENSE NOTICE ./
COPY bundles/policy.wasm bundles/rules.json bundles/terraform.wasm bundles/
COPY --from=build /src/dist dist
COPY --from=build /src/bin /usr/local/bin
WORKDIR /work
USER 1000:1000
# Checks the server that process 1 runs; Kubernetes uses its own probes.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "/opt/keywarden/dist/health.js"]
ENTRYPOINT ["keywarden"]
CMD ["--help"]
