import Fastify from "fastify";
import { createChecker, passed } from "keywarden";

const checker = createChecker({ account: process.env.AWS_ACCOUNT_ID ?? "111122223333" });

/** Returns the service, before it listens. */
export function build() {
  const app = Fastify({ bodyLimit: 10 * 1024 * 1024 });
  // Read every body as a string: clients send templates with various content types.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));

  app.post("/checks", async ({ query, body }, reply) => {
    if (typeof body !== "string" || body === "") return reply.code(400).send({ error: "Post a template." });
    // `named`: an unreadable file is a problem. Otherwise, Keywarden could skip it silently.
    const report = checker.check([{ path: query.file ?? "template", text: body, named: true }]);
    const { findings, problems, notices } = report;
    return reply.code(passed(report) ? 200 : 422).send({
      passed: passed(report),
      findings: findings.map(({ rule, level, verdict, resource, message, location, url }) => ({
        rule,
        level,
        verdict,
        resource,
        message,
        line: location.line,
        url,
      })),
      problems,
      notices,
    });
  });
  return app;
}

if (process.env.PORT !== undefined) {
  const address = await build().listen({ port: Number(process.env.PORT) });
  console.log(`Listening at ${address}`);
}
