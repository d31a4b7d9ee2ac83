FROM python:3.13-slim AS build
WORKDIR /build
COPY .ci/constraints.txt pyproject.toml README.md ./
COPY bot bot
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 baton
COPY --from=build /venv /venv
WORKDIR /baton
COPY --chown=baton config config
COPY --chown=baton runbooks runbooks
RUN mkdir /data && chown baton /data
USER baton
ENV PATH=/venv/bin:$PATH \
    DATABASE_URL=sqlite:////data/baton.db \
    BATON_HTTP=0.0.0.0:3000 \
    BATON_LOG=json
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:3000/readyz', timeout=4)"]
CMD ["bot", "run"]
