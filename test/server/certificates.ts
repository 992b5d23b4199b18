import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Certificate {
  cert: Buffer;
  key: Buffer;
}

/** An authority that lives for the tests: it signs certificates with OpenSSL. `days`: the lifetime of all certificates. */
export function authority(folder: string, name: string, days = 2) {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    "req",
    "-x509",
    "-days",
    String(days),
    ...key,
    "-keyout",
    `${name}.key`,
    "-out",
    `${name}.pem`,
    "-subj",
    `/CN=${name}`,
  );
  const sign = (subject: string, names = "IP:127.0.0.1"): Certificate => {
    const own = `${name}-${subject}`;
    openssl("req", ...key, "-keyout", `${own}.key`, "-out", `${own}.csr`, "-subj", `/CN=${subject}`);
    writeFileSync(join(folder, "names"), `subjectAltName=${names}\n`);
    const ca = ["-CA", `${name}.pem`, "-CAkey", `${name}.key`, "-CAcreateserial"];
    openssl(
      "x509",
      "-req",
      "-in",
      `${own}.csr`,
      ...ca,
      "-out",
      `${own}.pem`,
      "-days",
      String(days),
      "-extfile",
      "names",
    );
    const read = (ending: string) => readFileSync(join(folder, `${own}.${ending}`));
    return { cert: read("pem"), key: read("key") };
  };
  return { ca: readFileSync(join(folder, `${name}.pem`)), sign };
}

/** Replaces a file in one step, as Kubernetes and cert-manager do. */
export function replace(path: string, content: Buffer): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}
