import { createChecker, passed, render } from "keywarden";

const checker = createChecker();

/** Returns a handler for function URLs and S3 events. `getText` reads an object; tests replace it. */
export const handlerWith = (getText) => async (event) => {
  if (event.requestContext?.http !== undefined) return answer(event);
  const sources = await Promise.all(
    event.Records.map(async ({ s3 }) => {
      // Object keys in S3 events are form-encoded: a plus is a space.
      const key = decodeURIComponent(s3.object.key.replaceAll("+", " "));
      return { path: key, text: await getText(s3.bucket.name, key), named: true };
    }),
  );
  const report = checker.check(sources);
  if (!passed(report)) throw new Error(render(report, "text"));
  return { checked: sources.map(({ path }) => path) };
};

function answer({ body = "", isBase64Encoded, queryStringParameters }) {
  const text = isBase64Encoded ? Buffer.from(body, "base64").toString() : body;
  const report = checker.check([{ path: queryStringParameters?.file ?? "template", text, named: true }]);
  // An empty body has no findings, but must not pass.
  const statusCode = text.trim() === "" ? 400 : passed(report) ? 200 : 422;
  return { statusCode, headers: { "content-type": "application/json" }, body: render(report, "json") };
}

/** Reads an object. The Lambda runtime includes the AWS SDK. */
async function fromS3(Bucket, Key) {
  const { GetObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const { Body } = await new S3Client().send(new GetObjectCommand({ Bucket, Key }));
  return Body.transformToString();
}

export const handler = handlerWith(fromS3);
