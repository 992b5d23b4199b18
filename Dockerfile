# The build needs no Go, because bundles/ is committed and reproducible (make verify-bundles).
FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build-cli.ts scripts/third-party.ts scripts/modules.json scripts/
COPY bundles/policy.wasm bundles/rules.json bundles/
COPY src src
RUN npm run --silent build:cli

FROM node:24-slim
LABEL org.opencontainers.image.title="Keywarden" \
      org.opencontainers.image.description="Checks AWS KMS keys before they ship" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /opt/keywarden
COPY package.json LICENSE NOTICE ./
COPY bundles/policy.wasm bundles/rules.json bundles/terraform.wasm bundles/
COPY --from=build /src/dist dist
RUN ln -s /opt/keywarden/dist/cli.js /usr/local/bin/keywarden
USER 1000:1000
WORKDIR /work
ENTRYPOINT ["keywarden"]
CMD ["--help"]
