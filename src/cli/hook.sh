# Checks the tone of what is staged. `tonelint hook uninstall` takes this file away again and puts
# back the hook that was here before.

kept=$(dirname -- "$0")/@KEPT@
if [ -x "$kept" ]; then
  "$kept" "$@" || exit $?
fi

if [ "${TONELINT-}" = 0 ]; then
  echo "tonelint: skipped (TONELINT=0)" >&2
  exit 0
fi

tonelint=$(command -v tonelint) || tonelint=@PROGRAM@
if [ ! -x "$tonelint" ]; then
  echo "tonelint: not found, so that this commit was not checked; put tonelint on the PATH," >&2
  echo "  skip it once with git commit --no-verify, or delete $0" >&2
  exit 1
fi

"$tonelint" check --staged --force-exclude @MORE@
status=$?
case $status in
  0) ;;
  1)
    echo >&2
    echo "tonelint: the commit waits for a kinder wording (above)" >&2
    echo "  see it again  tonelint check --staged" >&2
    echo "  fix it        tonelint check --fix FILE, or by hand; then git add FILE" >&2
    echo "  why           tonelint explain CODE" >&2
    echo "  skip it once  git commit --no-verify" >&2
    ;;
  *)
    echo "tonelint: what is staged could not be checked (above); git commit --no-verify skips it once" >&2
    ;;
esac
exit $status
