# An image with the binary alone: no shell, no libraries.
#
#   docker build -t tonelint .
#   docker run --rm -v "$PWD:/work:ro" tonelint check replies/
FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo build --locked --release --bin tonelint && strip target/release/tonelint

FROM scratch
COPY --from=build /src/target/release/tonelint /tonelint
COPY --from=build /src/LICENSE /LICENSE
WORKDIR /work
USER 65534:65534
ENTRYPOINT ["/tonelint"]
CMD ["check", "."]
