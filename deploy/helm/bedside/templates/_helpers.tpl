{{- /* Names and labels that the templates share. */}}
{{- define "bedside.labels" -}}
app.kubernetes.io/name: bedside
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "bedside.own" -}}
app.kubernetes.io/name: bedside
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "bedside.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}-bedside
{{- end }}

{{- define "bedside.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}
