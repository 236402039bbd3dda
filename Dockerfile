# docker build -t patient-response .
# docker run --read-only --tmpfs /tmp -v patient-response:/data -p 8080:8080 --env-file settings.env patient-response

FROM node:22-bookworm-slim AS node

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# Node.js builds the stylesheets and scripts; nothing of it is in the result.
COPY --from=node /usr/local/ /usr/local/
# Nor of the database server that developers use, which is not even fetched.
ENV NPM_CONFIG_OMIT=optional
WORKDIR /source
COPY . .
RUN dotnet restore PatientResponse.csproj --locked-mode
RUN dotnet publish PatientResponse.csproj --no-restore -c Release -r linux-x64 --self-contained false -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# A new volume takes over the owner of the folder that it covers.
RUN mkdir /data && chown $APP_UID /data
ENV ASPNETCORE_HTTP_PORTS=8080 Health__Port=8081 Data__Folder=/data DOTNET_EnableDiagnostics=0
VOLUME /data
EXPOSE 8080
USER $APP_UID
STOPSIGNAL SIGTERM
# At the port that a flood of the other does not reach, and that is not to be published. The image has no curl; bash speaks enough HTTP.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["dotnet", "PatientResponse.dll"]
