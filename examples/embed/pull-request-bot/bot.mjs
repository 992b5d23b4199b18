import { pathToFileURL } from "node:url";
import { createChecker, passed, render } from "keywarden";

const checker = createChecker();
/** What a key can stand in. Terraform's source is judged as a whole, not file by file: give its plan. */
const mayHoldKeys = /\.(?:json|ya?ml|template)$/i;
const mark = "<!-- keywarden -->";

/**
 * Checks a pull request and says so in a comment; whether it passes. `fetch` and `api` may be those of a test, or of
 * GitHub Enterprise.
 */
export async function review({ repository, number, token, fetch = globalThis.fetch, api = "https://api.github.com" }) {
  const call = async (path, { accept = "application/vnd.github+json", ...init } = {}) => {
    const headers = { accept, authorization: `Bearer ${token}`, "x-github-api-version": "2022-11-28" };
    const response = await fetch(`${api}/repos/${repository}${path}`, { ...init, headers });
    // A file that was not read must not look as if it had been.
    if (!response.ok) throw new Error(`GitHub answers ${response.status} to ${init.method ?? "GET"} ${path}`);
    return response;
  };
  const all = async (path) => {
    const items = [];
    for (let page = 1; ; page += 1) {
      const some = await (await call(`${path}?per_page=100&page=${page}`)).json();
      items.push(...some);
      if (some.length < 100) return items;
    }
  };

  const { head } = await (await call(`/pulls/${number}`)).json();
  const files = (await all(`/pulls/${number}/files`)).filter(
    ({ status, filename }) => status !== "removed" && mayHoldKeys.test(filename),
  );
  const sources = [];
  for (const { filename } of files) {
    const path = filename.split("/").map(encodeURIComponent).join("/");
    const text = await call(`/contents/${path}?ref=${head.sha}`, { accept: "application/vnd.github.raw+json" });
    sources.push({ path: filename, text: await text.text() });
  }

  const report = checker.check(sources);
  const comments = await all(`/issues/${number}/comments`);
  const ours = comments.find(({ body }) => body.startsWith(mark));
  // Where there never was something to say, nothing is said.
  if (ours !== undefined || report.findings.length + report.problems.length > 0) {
    const body = JSON.stringify({ body: render(report, "markdown") });
    if (ours === undefined) await call(`/issues/${number}/comments`, { method: "POST", body });
    else await call(`/issues/comments/${ours.id}`, { method: "PATCH", body });
  }
  return passed(report);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [repository, number] = process.argv.slice(2);
  const ended = await review({ repository, number, token: process.env.GITHUB_TOKEN });
  process.exitCode = ended ? 0 : 1;
}
