{{/* The name of the objects. */}}
{{- define "keywarden.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "keywarden.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "keywarden.labels" -}}
{{ include "keywarden.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* The metadata of an object of the release, in its namespace. */}}
{{- define "keywarden.metadata" -}}
name: {{ include "keywarden.fullname" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "keywarden.labels" . | nindent 2 }}
{{- end -}}

{{- define "keywarden.secretName" -}}
{{- .Values.tls.secretName | default (printf "%s-tls" (include "keywarden.fullname" .)) -}}
{{- end -}}

{{- define "keywarden.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* The value of a flag. Helm reads numbers as floating-point numbers, and prints large ones with an exponent. */}}
{{- define "keywarden.value" -}}
{{- if kindIs "float64" . }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end -}}

{{/* The arguments of the container that come from `server` and `files`. */}}
{{- define "keywarden.args" -}}
{{- range $flag, $value := .Values.server }}
{{- if kindIs "slice" $value }}
{{- range $value }}
- {{ printf "--%s=%s" $flag (include "keywarden.value" .) | quote }}
{{- end }}
{{- else if kindIs "map" $value }}
{{- range $name, $text := $value }}
- {{ printf "--%s=%s: %s" $flag $name $text | quote }}
{{- end }}
{{- else if not (kindIs "invalid" $value) }}
- {{ printf "--%s=%s" $flag (include "keywarden.value" $value) | quote }}
{{- end }}
{{- end }}
{{- range $flag, $file := .Values.files }}
- {{ printf "--%s=/etc/keywarden-files/%s/%s" $flag $flag $file.key | quote }}
{{- end }}
{{- end -}}

{{/* A duration of a flag in seconds, rounded up. */}}
{{- define "keywarden.seconds" -}}
{{- if hasSuffix "ms" . }}{{ div (trimSuffix "ms" . | int64 | add 999) 1000 }}
{{- else if hasSuffix "m" . }}{{ trimSuffix "m" . | int64 | mul 60 }}
{{- else }}{{ trimSuffix "s" . | int64 }}{{ end -}}
{{- end -}}

{{/* What a shutdown takes: see deploy/kubernetes/deployment.yaml. */}}
{{- define "keywarden.gracePeriod" -}}
{{- $delay := include "keywarden.seconds" (index .Values.server "shutdown-delay" | default "5s") -}}
{{- $timeout := include "keywarden.seconds" (index .Values.server "decision-timeout" | default "5s") -}}
{{- add $delay $timeout 50 -}}
{{- end -}}

{{/* The ports of the servers to which Keywarden sends requests, separated by spaces. */}}
{{- define "keywarden.egressPorts" -}}
{{- $ports := list -}}
{{- range $flag := list "bundle" "decision-log" -}}
{{- $url := urlParse (index $.Values.server $flag | default "") -}}
{{- if has $url.scheme (list "http" "https") -}}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" -}}
{{- $ports = append $ports ($port | default (ternary "443" "80" (eq $url.scheme "https"))) -}}
{{- end -}}
{{- end -}}
{{- if hasKey .Values.files "run-task-key-file" -}}
{{- /* A list, or a string with commas. */ -}}
{{- $hosts := index .Values.server "run-task-host" | default "" -}}
{{- range (kindIs "slice" $hosts | ternary (join "," $hosts) $hosts | splitList ",") -}}
{{- $ports = append $ports (regexFind ":[0-9]+$" (trim .) | trimPrefix ":" | default "443") -}}
{{- end -}}
{{- end -}}
{{- $ports | uniq | sortAlpha | join " " -}}
{{- end -}}

{{/* Whether `volumes` has the volume for `state-dir`. */}}
{{- define "keywarden.hasStateVolume" -}}
{{- range .Values.volumes }}{{ if eq .name "state" }}true{{ end }}{{ end -}}
{{- end -}}
