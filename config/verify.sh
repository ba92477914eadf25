#!/bin/bash
# Verifies an evidence record of komainu with nothing but bash (4.3), coreutils and openssl (3.0).
# komainu の証拠記録を、bash・coreutils・openssl だけで確かめます。
#
#   verify.sh STORE genesis.pub.pem [outside.note ...]
#
# STORE            the state directory, or the evidence folder in it; or the data folder of a full bundle
#                  状態ディレクトリ、またはその中の evidence。証拠一式（full）なら、その data フォルダー
# genesis.pub.pem  the first public key, from elsewhere: paper, a bundle / 最初の公開鍵。保管庫の外から（印刷、証拠一式）
# outside.note     checkpoints kept elsewhere / 外に控えたチェックポイント
#
# Exit: 0 OK, 1 FAIL: changed or damaged, 2 UNSIGNED: not all is covered by a signature, or it cannot be read, 64 usage.
# 終了コード: 0 改変なし、1 改変または破損、2 署名の範囲外がある・読めない、64 使い方の誤り
#
# Everything is read, nothing is written but a temporary folder. Take a copy first where the service is running.
# The format is docs/record.md; `komainu evidence verify` decides the same.

# What the lines name is in arrays that a function takes by name, which shellcheck does not see.
# shellcheck disable=SC2034
set -u
export LC_ALL=C
shopt -s nullglob dotglob

help() {
  local line
  while IFS= read -r line && [[ $line == '#'* ]]; do
    [[ $line == '#!'* ]] || printf '%s\n' "${line#'#'}"
  done < "$0"
  exit 0
}
usage() { printf 'usage: verify.sh STORE genesis.pub.pem [outside.note ...]\n' >&2; exit 64; }
cannot() { printf 'CANNOT READ: %s\n' "$1" >&2; exit 2; }
[[ ${1:-} != --help ]] || help
[[ $# -ge 2 ]] || usage
[[ $1 != -* ]] || usage
for tool in sha256sum openssl mktemp split fold sort cat tail tr cut wc rm mkdir; do
  command -v "$tool" > /dev/null || cannot "$tool is not installed"
done

# Where things are, and what they are called in findings. A bundle has the whole chain, but the content of one case.
part=0 checkpoints=checkpoints chain=chain keys=keys origin_file=origin blob_shard=first meta_shard=last blobs=blobs
root=$1/evidence
if [[ -d $1/chain/whole ]]; then
  root=$1 part=1 checkpoints=chain/whole/checkpoints chain=chain/whole keys=chain/keys origin_file=chain/origin
  blob_shard='' meta_shard='' blobs=eml
elif [[ ! -d $root ]]; then
  root=$1
fi
[[ -d $root/$chain ]] || cannot "$root/$chain"
trusted_file=$2
shift 2
outside=("$@")

T=$(mktemp -d) || cannot 'mktemp'
trap 'rm -rf -- "$T"' EXIT
mkdir "$T/line" "$T/leaf" "$T/node" || cannot "$T"

# ---- findings ----------------------------------------------------------------------------------------------------------
declare -A legend=(
  [chain-broken]='a line does not follow the one before / 前の記録の続きではありません'
  [torn-tail]='the chain ends in the middle / 記録の末尾が途中で切れています'
  [record-unreadable]='not a record with the fields of its action / 記録として読めません'
  [boot-clock-back]='the clock of the boot went back / 起動時間の時計が戻っています'
  [clock-set]='the clock was set, and no record says so / 時計が動かされ、その記録がありません'
  [clock-step]='the clock was set, on record / 時計が動かされました（記録あり）'
  [boot]='a boot, or a start: clocks say nothing about the time across it / 起動。ここをまたぐ時刻は時計だけでは確かめられません'
  [checkpoint-unreadable]='not a signed checkpoint of this name / 署名付きチェックポイントではありません'
  [checkpoint-copy]='not a copy of any checkpoint / どのチェックポイントの写しでもありません'
  [checkpoint-copy-empty]='empty; made again at the next start / 空です（次の起動で作り直されます）'
  [case-line]='a line of the case that is not in the chain / 事案の記録が、全体の記録にありません'
  [checkpoint-origin]='of another log / 別の記録のものです'
  [checkpoint-root]='the records are not those that were signed / 署名されたときの記録と違います'
  [checkpoint-signature]='not signed with the key whose turn it was / そのときの鍵による署名ではありません'
  [records-missing]='more records were signed than there are / 署名された件数より記録が少ない'
  [key-roll]='a new key that the old one did not sign for / 新しい鍵に、前の鍵の署名がありません'
  [key-file]='not the public key of that name / その名前の公開鍵ではありません'
  [genesis-key]='the first key of the store is not the trusted one / 保管庫の最初の鍵が、信じた鍵と違います'
  [content-missing]='what a record names is missing / 記録にあるファイルがありません'
  [content-changed]='a file has other octets / ファイルの中身が違います'
  [erasure-unsigned]='missing, and its erasure is not covered by any signature / ありません。消去の記録は署名の範囲外です'
  [erased-is-there]='there, though on record as erased / 消去の記録があるのに残っています'
  [extra-file]='a file that no record names / どの記録にも出てこないファイル'
  [uncovered]='records at the end are not covered by any signature / 末尾にどの署名の範囲にもない記録があります'
)
declare -A grade=(
  [clock-step]=note [boot]=note [checkpoint-copy-empty]=note [erased-is-there]=note [extra-file]=note
  [erasure-unsigned]=UNSIGNED [uncovered]=UNSIGNED
)
declare -A said=()
findings=()
failed=0 unsigned=0
find_() { # word, place
  local how=${grade[$1]:-FAIL}
  case $how in FAIL) failed=1 ;; UNSIGNED) unsigned=1 ;; esac
  said[$1]=$((${said[$1]:-0} + 1))
  ((said[$1] > 100)) || findings+=("  $how ${2//[^ -~]/?} [$1]")
}

# ---- octets ------------------------------------------------------------------------------------------------------------
alphabet=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/
declare -A value=()
for ((i = 0; i < 64; i++)); do value[${alphabet:i:1}]=$i; done

# Base64 of hexadecimal digits. Result in REPLY.
to_base64() {
  local hex=$1 out='' i n
  for ((i = 0; i < ${#hex}; i += 6)); do
    n=$((16#${hex:i:6}))
    case $((${#hex} - i)) in
      2) n=$((n << 16)); out+=${alphabet:n>>18:1}${alphabet:n>>12&63:1}== ;;
      4) n=$((n << 8)); out+=${alphabet:n>>18:1}${alphabet:n>>12&63:1}${alphabet:n>>6&63:1}= ;;
      *) out+=${alphabet:n>>18:1}${alphabet:n>>12&63:1}${alphabet:n>>6&63:1}${alphabet:n&63:1} ;;
    esac
  done
  REPLY=$out
}

# Hexadecimal digits of base64; only its one spelling is taken. Result in REPLY.
from_base64() {
  local text=$1 out='' i n quad
  REPLY=''
  ((${#text} % 4 == 0)) || return 1
  [[ $text =~ ^[A-Za-z0-9+/]*={0,2}$ ]] || return 1
  for ((i = 0; i < ${#text}; i += 4)); do
    quad=${text:i:4}
    n=$((${value[${quad:0:1}]} << 18 | ${value[${quad:1:1}]} << 12))
    case $quad in
      *==) printf -v quad %02x $((n >> 16)) ;;
      *=) n=$((n | ${value[${quad:2:1}]} << 6)); printf -v quad %04x $((n >> 8)) ;;
      *) n=$((n | ${value[${quad:2:1}]} << 6 | ${value[${quad:3:1}]})); printf -v quad %06x "$n" ;;
    esac
    out+=$quad
  done
  to_base64 "$out"
  [[ $REPLY == "$text" ]] || return 1
  REPLY=$out
}

# Escapes for printf of hexadecimal digits. Result in REPLY.
escaped() {
  local hex=$1 out='' i
  for ((i = 0; i < ${#hex}; i += 2)); do out+=\\x${hex:i:2}; done
  REPLY=$out
}

# The text of a file, with all its line ends; fails where it is not there, too long or no text. Result in REPLY.
slurp() { # file, most octets
  REPLY=''
  [[ -f $1 ]] || return 1
  if IFS= read -r -d '' -n $(($2 + 1)) REPLY < "$1"; then ((${#REPLY} > $2)) || REPLY=''; return 1; fi
}

# SHA-256 of the files 0000000 to n-1 of a folder, in the array H.
hash_all() { # folder, n
  local from names
  H=()
  for ((from = 0; from < $2; from += 10000)); do
    # shellcheck disable=SC2046
    printf -v names '%07d ' $(seq_ "$from" $(($2 < from + 10000 ? $2 : from + 10000)))
    # shellcheck disable=SC2086
    mapfile -t -O "$from" H < <(cd "$1" && sha256sum -- $names | cut -b1-64)
  done
}
seq_() { local i; for ((i = $1; i < $2; i++)); do printf '%d ' "$i"; done; }

# SHA-256(0x01 || left || right) for each of the array PAIRS (128 digits each), in the array H.
hash_pairs() {
  local octets escapes n=${#PAIRS[@]}
  H=()
  ((n > 0)) || return 0
  mapfile -t octets < <(printf '01%s' "${PAIRS[@]}" | fold -w 2)
  printf -v escapes '\\x%s' "${octets[@]}"
  # shellcheck disable=SC2059
  printf "$escapes" > "$T/stream"
  rm -rf -- "$T/node" && mkdir "$T/node"
  split -b 65 -a 7 -d -- "$T/stream" "$T/node/"
  hash_all "$T/node" "$n"
}

# ---- keys --------------------------------------------------------------------------------------------------------------
begin='-----BEGIN PUBLIC KEY-----' end='-----END PUBLIC KEY-----'
pem_body() { # file; the one line between. Result in REPLY.
  slurp "$1" 1024 || return 1
  local text=$REPLY
  REPLY=${text#"$begin"$'\n'}
  REPLY=${REPLY%$'\n'"$end"$'\n'}
  [[ $text == "$begin"$'\n'"$REPLY"$'\n'"$end"$'\n' && $REPLY != *$'\n'* ]] || return 1
  is_key "$REPLY"
}
is_key() { # base64; leaves it in REPLY
  from_base64 "$1" && [[ $REPLY == 302a300506032b6570032100* && ${#REPLY} -eq 88 ]] || return 1
  REPLY=$1
}
declare -A key_ids=()
# The first four octets of SHA-256(name || 0x0A || 0x01 || key), and a file for openssl. Result in REPLY and KEY_FILE.
key_id() {
  local n
  if [[ -z ${key_ids[$1]:-} ]]; then
    n=${#key_ids[@]}
    printf '%s\n%s\n%s\n' "$begin" "$1" "$end" > "$T/key-$n.pem"
    from_base64 "$1"
    escaped "${REPLY:24}"
    # shellcheck disable=SC2059
    REPLY=$({ printf '%s\n\x01' "$origin"; printf "$REPLY"; } | sha256sum)
    key_ids[$1]="${REPLY:0:8} $T/key-$n.pem"
  fi
  REPLY=${key_ids[$1]%% *} KEY_FILE=${key_ids[$1]#* }
}

origin='' own=''
if slurp "$root/$origin_file" 256 && [[ $REPLY =~ ^[!-*,-~]+$'\n'$ ]]; then origin=${REPLY%$'\n'}; else find_ checkpoint-origin "$origin_file"; fi
pem_body "$trusted_file" || cannot "$trusted_file: not an Ed25519 public key in PEM"
genesis=$REPLY
if pem_body "$root/$keys/genesis.pub.pem"; then own=$REPLY; else find_ key-file "$keys/genesis.pub.pem"; fi
[[ -z $own || $own == "$genesis" ]] || find_ genesis-key "$keys/genesis.pub.pem"

# ---- checkpoints -------------------------------------------------------------------------------------------------------
note_text=() note_size=() note_root=() note_file=() note_out=()
# Reads a note. Its signatures are looked at when the key whose turn it is is known.
read_note() { # file, shown name, size or nothing, outside
  local text size root_ below
  slurp "$1" 16384 || { find_ checkpoint-unreadable "$2"; return; }
  text=$REPLY
  if [[ $text =~ ^([^$'\n']+)$'\n'(0|[1-9][0-9]{0,18})$'\n'([A-Za-z0-9+/]{43}=)$'\n'$'\n'(.+)$'\n'$ ]]; then
    REPLY=${BASH_REMATCH[1]} size=${BASH_REMATCH[2]} root_=${BASH_REMATCH[3]} below=${BASH_REMATCH[4]}
  else
    find_ checkpoint-unreadable "$2"; return
  fi
  local name=$REPLY line n=0
  from_base64 "$root_" || { find_ checkpoint-unreadable "$2"; return; }
  if [[ -n $3 && $size != "$3" ]]; then find_ checkpoint-unreadable "$2"; return; fi
  while IFS= read -r line; do
    if ((++n > 32)) || ! [[ $line =~ ^$'\xe2\x80\x94'\ [^[:space:][:cntrl:]+]+\ [A-Za-z0-9+/=]+$ ]] ||
      ! from_base64 "${line##* }"; then
      find_ checkpoint-unreadable "$2"; return
    fi
  done <<< "$below"
  if [[ $name != "$origin" ]]; then find_ checkpoint-origin "$2"; return; fi
  note_text+=("$text") note_size+=("$size") note_root+=("$root_") note_file+=("$2") note_out+=("$4")
}

# True where a note is signed by a key.
is_signed() { # number of the note, key
  local text=${note_text[$1]} line id
  key_id "$2"
  id=$REPLY
  printf '%s' "${text%%$'\n\n'*}"$'\n' > "$T/body"
  while IFS= read -r line; do
    [[ $line == $'\xe2\x80\x94'" $origin "* ]] || continue
    from_base64 "${line##* }" || continue
    [[ ${#REPLY} -eq 136 && ${REPLY:0:8} == "$id" ]] || continue
    escaped "${REPLY:8}"
    # shellcheck disable=SC2059
    printf "$REPLY" > "$T/sig"
    openssl pkeyutl -verify -pubin -inkey "$KEY_FILE" -rawin -in "$T/body" -sigfile "$T/sig" > /dev/null 2>&1 && return 0
  done <<< "${text#*$'\n\n'}"
  return 1
}

for path in "$root/$checkpoints"/*; do
  name=${path##*/}
  [[ $name != *.tmp ]] || continue
  if [[ $name =~ ^0*(0|[1-9][0-9]{0,17})\.note$ ]] && printf -v REPLY '%010d.note' "${BASH_REMATCH[1]}" && [[ $REPLY == "$name" ]]; then
    read_note "$path" "$checkpoints/$name" "${BASH_REMATCH[1]}" ''
  elif [[ $name =~ ^[0-9]{10}\.[0-9a-f]{8}\.tsr$ && -f $root/$checkpoints/${name%%.*}.note ]]; then
    : # a timestamp authority's reply; openssl ts -verify reads it
  else
    find_ extra-file "$checkpoints/$name"
  fi
done
copied=checkpoint
((!part)) || copied=chain/checkpoint.note
if [[ -e $root/$copied ]]; then
  if [[ $(tr -d '\000' < "$root/$copied" | wc -c) -eq 0 ]]; then
    find_ checkpoint-copy-empty "$copied"
  else
    copy=$(sha256sum < "$root/$copied") is_copy=0
    note_paths=("$root/$checkpoints"/*.note)
    ((${#note_paths[@]} == 0)) || while IFS= read -r REPLY; do
      [[ $REPLY != "${copy%% *}" ]] || is_copy=1
    done < <(sha256sum -- "${note_paths[@]}" | cut -b1-64)
    ((is_copy)) || find_ checkpoint-copy "$copied"
  fi
fi
# The first note in a text that somebody kept: the note alone, or the mail around it, with line ends of either kind, a byte
# order mark, white space or > in front of lines. Result in the file given.
note_within() { # file, result
  local text line n dash=$'\xe2\x80\x94 ' lines=()
  slurp "$1" 1048576 || return 1
  text=${REPLY#$'\xef\xbb\xbf'}
  while IFS= read -r line; do
    line=${line#"${line%%[!$' \t>']*}"}
    line=${line%"${line##*[!$' \t\r']}"}
    lines+=("$line")
  done <<< "$text"
  for ((n = 0; n + 4 < ${#lines[@]}; n++)); do
    [[ ${lines[n + 1]} =~ ^(0|[1-9][0-9]{0,18})$ && ${lines[n + 2]} =~ ^[A-Za-z0-9+/]{43}=$ ]] || continue
    [[ ${lines[n]} =~ ^[^[:space:][:cntrl:]+]+$ && -z ${lines[n + 3]} && ${lines[n + 4]} == "$dash"* ]] || continue
    printf '%s\n' "${lines[@]:n:4}" > "$2"
    for ((n += 4; n < ${#lines[@]}; n++)); do
      [[ ${lines[n]} == "$dash"* ]] || break
      printf '%s\n' "${lines[n]}" >> "$2"
    done
    return 0
  done
  return 1
}
for path in ${outside[@]+"${outside[@]}"}; do
  [[ -r $path ]] || cannot "$path"
  if note_within "$path" "$T/outside"; then
    read_note "$T/outside" "$path" '' outside
  else
    find_ checkpoint-unreadable "$path"
  fi
done

# ---- lines -------------------------------------------------------------------------------------------------------------
segments=()
for path in "$root/$chain"/*; do
  name=${path##*/}
  if ((part)) && [[ $name == checkpoints ]]; then continue; fi
  if [[ $name =~ ^[0-9]{6,9}\.jsonl$ ]]; then segments+=("$path"); elif [[ $name != *.tmp ]]; then find_ extra-file "$chain/$name"; fi
done
: > "$T/chain"
((${#segments[@]} == 0)) || cat -- "${segments[@]}" > "$T/chain" || cannot "$root/$chain"
broken=0
if [[ -s $T/chain && $(tail -c 1 "$T/chain" | tr -d '\n' | wc -c) -ne 0 ]]; then torn=1; else torn=0; fi
# A record has no octet below 0x20 but its line end; nor can the tools below see a NUL.
(($(tr -d '\012\040-\377' < "$T/chain" | wc -c) == 0)) || { find_ chain-broken chain; broken=1; }

lines=()
((broken)) || mapfile -t lines < "$T/chain"
((torn)) && ((${#lines[@]})) && unset "lines[${#lines[@]}-1]"
total=${#lines[@]}
for ((i = 0; i < total; i++)); do
  printf -v n '%07d' "$i"
  printf '%s\n' "${lines[i]}" > "$T/line/$n"
  printf '\0%s\n' "${lines[i]}" > "$T/leaf/$n"
done
hash_all "$T/line" "$total"; digests=(${H[@]+"${H[@]}"})
hash_all "$T/leaf" "$total"; leaves=(${H[@]+"${H[@]}"})

# The lines of a bundle's case, by their digests: what they name is to be there.
declare -A case_line=() needed=()
if ((part)) && [[ -f $root/chain/records.jsonl ]]; then
  mkdir "$T/case" || cannot "$T"
  n=0
  while IFS= read -r line || [[ -n $line ]]; do
    printf -v REPLY '%07d' $((n++))
    printf '%s\n' "$line" > "$T/case/$REPLY"
  done < "$root/chain/records.jsonl"
  hash_all "$T/case" "$n"
  for REPLY in ${H[@]+"${H[@]}"}; do case_line[$REPLY]=1; done
fi

declare -A blob_at=() meta_at=() meta_sha=() context_at=() note_at=() tail_at=() erased_at=() key_at=() rotated=()
records=0 messages=0 boots=0 open_batch=0
last='' last_boot='' last_ms=0 last_clock=0
# A string field of the line. Result in REPLY.
field() {
  [[ $line == *",\"$1\":\""* ]] || { REPLY=''; return 1; }
  REPLY=${line#*",\"$1\":\""}
  REPLY=${REPLY%%\"*}
}
digest_field() { field "$1" && [[ $REPLY =~ ^[0-9a-f]{64}$ ]]; }
# Milliseconds since 1970 of a time stamp as records have it (days from the civil calendar). Result in REPLY.
to_ms() {
  [[ $1 =~ ^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{3})Z$ ]] || return 1
  local y=$((10#${BASH_REMATCH[1]})) m=$((10#${BASH_REMATCH[2]})) d=$((10#${BASH_REMATCH[3]})) era
  ((m >= 1 && m <= 12 && d >= 1 && d <= 31)) || return 1
  ((m > 2)) || y=$((y - 1))
  era=$((y / 400)) y=$((y % 400)) m=$(((m + 9) % 12))
  d=$((era * 146097 + y * 365 + y / 4 - y / 100 + (153 * m + 2) / 5 + d - 1 - 719468))
  REPLY=$((((d * 24 + 10#${BASH_REMATCH[4]}) * 60 + 10#${BASH_REMATCH[5]}) * 60 + 10#${BASH_REMATCH[6]}))
  REPLY=$((REPLY * 1000 + 10#${BASH_REMATCH[7]}))
}
# Nothing that a record says is used as a name or a number before its form is known: bash would run parts of it.
hex='[0-9a-f]'
uuid="$hex{8}-$hex{4}-$hex{4}-$hex{4}-$hex{12}" number='(0|[1-9][0-9]{0,17})'
# True where a field of the line is not there, or has this form.
is_typed() { [[ $line != *",\"$1\":"* ]] || [[ $line =~ ,\"$1\":$2[,}] ]]; }
are_typed() {
  is_typed event.id "\"$uuid\"" && is_typed email.local_id "\"$uuid\"" && is_typed clock.boot_id "\"$uuid\"" &&
    is_typed clock.boottime_ms "$number" && is_typed clock.step_ms "-?$number" && is_typed komainu.more "$number" &&
    is_typed evidence.erased "\\[(\"$hex{64}\"(,\"$hex{64}\")*)?\\]"
}
# Where the line at hand is one of the case: what it names has to be there.
need() { [[ -z ${case_line[${digests[i]}]:-} ]] || needed[$1/$2]=1; }
prefix='^\{"prev":"([0-9a-f]{64})","seq":(0|[1-9][0-9]*),"@timestamp":"([^"]*)",.*\}$'
prev=0000000000000000000000000000000000000000000000000000000000000000
for ((i = 0; i < total && !broken; i++)); do
  line=${lines[i]}
  if ((${#line} >= 61439)) || ! [[ $line =~ $prefix ]] || [[ ${BASH_REMATCH[1]} != "$prev" || ${BASH_REMATCH[2]} != "$i" ]]; then
    find_ chain-broken "seq $i"; broken=1; break
  fi
  if ! to_ms "${BASH_REMATCH[3]}"; then find_ chain-broken "seq $i"; broken=1; break; fi
  ms=$REPLY prev=${digests[i]}
  if ! field event.action || ! { action=$REPLY; field event.id; } || ! are_typed; then find_ chain-broken "seq $i"; broken=1; break; fi
  step='' ok=1
  case $action in
    evidence-captured)
      if digest_field evidence.sha256; then
        sha=$REPLY
        if digest_field evidence.meta_sha256 && meta=$REPLY && field email.local_id; then
          blob_at[$sha]=$i meta_at[$REPLY]=$i meta_sha[$REPLY]=$meta messages=$((messages + 1))
          need "$blobs" "$sha"; need meta "$REPLY"
          if field evidence.session_sha256; then
            if [[ $REPLY =~ ^[0-9a-f]{64}$ ]]; then context_at[$REPLY]=$i; need context "$REPLY"; else ok=0; fi
          fi
        else ok=0; fi
      else ok=0; fi ;;
    verdict) if digest_field evidence.context_sha256; then context_at[$REPLY]=$i; need context "$REPLY"; else ok=0; fi ;;
    case-opened | case-note | learned)
      if digest_field evidence.sha256; then note_at[$REPLY]=$i; need notes "$REPLY"; else ok=0; fi ;;
    recovery) if digest_field evidence.sha256; then tail_at[$REPLY]=$i; need quarantine-tail "$REPLY"; elif field evidence.sha256; then ok=0; fi ;;
    evidence-erased)
      if [[ $line =~ ,\"evidence\.erased\":\[((\"[0-9a-f]{64}\"(,\"[0-9a-f]{64}\")*)?)\] ]]; then
        IFS=, read -r -a gone <<< "${BASH_REMATCH[1]//\"/}"
        for sha in ${gone[@]+"${gone[@]}"}; do erased_at[$sha]=$i; done
      else ok=0; fi ;;
    key-rotated) if field komainu.public_key && is_key "$REPLY"; then rotated[$i]=$REPLY key_at[$((i + 1))]=$REPLY; else ok=0; fi ;;
    clock-step) if [[ $line =~ ,\"clock\.step_ms\":(0|-?[1-9][0-9]{0,17})[,}] ]]; then step=${BASH_REMATCH[1]}; else ok=0; fi ;;
  esac
  boot='' clock=0
  if field clock.boot_id && boot=$REPLY && [[ $line =~ ,\"clock\.boottime_ms\":(0|[1-9][0-9]{0,17})[,}] ]]; then
    clock=${BASH_REMATCH[1]}
  else boot=''; fi
  if ((!ok)); then
    find_ record-unreadable "seq $i"
  elif [[ -n $boot ]]; then
    if [[ -z $last || -z $last_boot ]]; then
      boots=$((boots + 1))
    elif [[ $boot != "$last_boot" ]]; then
      boots=$((boots + 1)); find_ boot "seq $i"
    else
      ((clock >= last_clock)) || find_ boot-clock-back "seq $i"
      since=$((clock - last_clock)) moved=$((ms - last_ms - clock + last_clock))
      if ((${moved#-} > 2000 + ${since#-} / 1000)); then
        if [[ $step == "$moved" ]]; then find_ clock-step "seq $i"; else find_ clock-set "seq $i"; fi
      fi
    fi
  fi
  last=1 last_boot=$boot last_ms=$ms last_clock=$clock
  if [[ $line =~ ,\"komainu\.more\":[0-9]+\}$ ]]; then open_batch=1; else open_batch=0 records=$((i + 1)); fi
done
# Behind a break nothing is read.
reached=$i
if ((torn && !broken)); then find_ torn-tail "seq $total"; broken=1; fi

# Every line of the case has to be one of the chain.
if ((!broken)); then
  for ((i = 0; i < reached; i++)); do unset "case_line[${digests[i]}]"; done
  ((${#case_line[@]} == 0)) || find_ case-line chain/records.jsonl
fi

# ---- the tree ----------------------------------------------------------------------------------------------------------
# nodes[level offset + n] is the root over lines n*2^level ...; the notes' roots are folded from these, all at once.
nodes=(${leaves[@]+"${leaves[@]}"}) offset=(0) width=$total level=0
while ((width > 1)); do
  PAIRS=()
  for ((i = 0; i + 1 < width; i += 2)); do PAIRS+=("${nodes[offset[level] + i]}${nodes[offset[level] + i + 1]}"); done
  hash_pairs
  level=$((level + 1)) offset[level]=${#nodes[@]} width=$((width / 2))
  nodes+=("${H[@]}")
done
declare -A peaks=()
sizes=()
for size in ${note_size[@]+"${note_size[@]}"}; do
  if ((${#size} >= 19 || size == 0 || size > total)) || [[ -n ${peaks[$size]:-} ]]; then continue; fi
  list='' at=0
  for ((level = 62; level >= 0; level--)); do
    if ((size >> level & 1)); then list+=" ${nodes[offset[level] + (at >> level)]}" at=$((at + (1 << level))); fi
  done
  peaks[$size]=${list# }
  sizes+=("$size")
done
while :; do
  PAIRS=() joined=()
  for size in ${sizes[@]+"${sizes[@]}"}; do
    list=${peaks[$size]}
    [[ $list == *' '* ]] || continue
    right=${list##* } list=${list% *}
    PAIRS+=("${list##* }$right") joined+=("$size")
  done
  ((${#PAIRS[@]})) || break
  hash_pairs
  for ((i = 0; i < ${#joined[@]}; i++)); do
    list=${peaks[${joined[i]}]}
    list=${list% *}
    if [[ $list == *' '* ]]; then peaks[${joined[i]}]="${list% *} ${H[i]}"; else peaks[${joined[i]}]=${H[i]}; fi
  done
done
peaks[0]=$(printf '' | sha256sum)
peaks[0]=${peaks[0]%% *}

# ---- each checkpoint with the key whose turn it was ---------------------------------------------------------------------
mapfile -t turns < <(for seq in ${rotated[@]+"${!rotated[@]}"}; do printf '%d\n' "$seq"; done | sort -n)
# The key of a checkpoint. Result in REPLY.
key_for() {
  local seq
  REPLY=$genesis
  for seq in ${turns[@]+"${turns[@]}"}; do ((seq < $1 - 1)) || break; REPLY=${rotated[$seq]}; done
}
covered=0 good=0 witnesses=0
declare -A signed=()
for ((n = 0; n < ${#note_size[@]}; n++)); do
  size=${note_size[n]}
  if ((${#size} >= 19 || size > reached)); then
    ((broken)) || find_ records-missing "${note_file[n]} ($size)"
    continue
  fi
  to_base64 "${peaks[$size]}"
  if [[ $REPLY != "${note_root[n]}" ]]; then find_ checkpoint-root "${note_file[n]}"; continue; fi
  key_for "$size"
  if ! is_signed "$n" "$REPLY"; then find_ checkpoint-signature "${note_file[n]}"; continue; fi
  signed[$size]=1
  ((size <= covered)) || covered=$size
  if [[ -n ${note_out[n]} ]]; then witnesses=$((witnesses + 1)); else good=$((good + 1)); fi
done
for seq in ${turns[@]+"${turns[@]}"}; do
  ((seq + 1 < reached)) && [[ -z ${signed[$((seq + 1))]:-} ]] && find_ key-roll "seq $seq"
done
for path in "$root/$keys"/*; do
  name=${path##*/}
  case $name in
    genesis.pub.pem | *.tmp) ;;
    *)
      if [[ $name =~ ^0*(0|[1-9][0-9]{0,17})\.pub\.pem$ ]] && printf -v REPLY '%010d.pub.pem' "${BASH_REMATCH[1]}" && [[ $REPLY == "$name" ]]; then
        size=${BASH_REMATCH[1]}
        if ! pem_body "$path" || [[ $REPLY != "${key_at[$size]:-}" ]]; then find_ key-file "$keys/$name"; fi
      else
        find_ extra-file "$keys/$name"
      fi ;;
  esac
done

# ---- content -----------------------------------------------------------------------------------------------------------
erased=0
declare -A here=()
# Takes the files of a room whose names are right, and says which are not.
room() { # room, suffix, shard: first, last or nothing, associative array of what is named
  local path name stem from want files=() stems=() found_
  local -n named=$4
  here=()
  for path in "$root/$1"/*; do
    if [[ -n $3 && -d $path ]]; then
      for name in "$path"/*; do room_file "$1" "$2" "$3" "$name" "${path##*/}"; done
    else
      room_file "$1" "$2" "$3" "$path" ''
    fi
  done
  for ((from = 0; from < ${#files[@]}; from += 2000)); do
    mapfile -t -O "$from" found_ < <(cd "$root/$1" && sha256sum -- "${files[@]:from:2000}" | cut -b1-64)
  done
  for ((from = 0; from < ${#files[@]}; from++)); do
    stem=${stems[from]} name=$1/${files[from]}
    here[$stem]=1
    want=$stem
    [[ $1 != meta ]] || want=${meta_sha[$stem]:-}
    if [[ -n $want && $want != "${found_[from]}" ]]; then
      find_ content-changed "$name"
    elif [[ -z ${named[$stem]:-} ]]; then
      find_ extra-file "$name"
    elif ((${erased_at[${found_[from]}]:--1} > ${named[$stem]})); then
      find_ erased-is-there "$name"
    fi
  done
  ((broken)) && return
  for stem in "${!named[@]}"; do
    [[ -z ${here[$stem]:-} ]] || continue
    ((!part)) || [[ -n ${needed[$1/$stem]:-} ]] || continue
    want=$stem
    [[ $1 != meta ]] || want=${meta_sha[$stem]}
    from=${erased_at[$want]:--1}
    if ((from <= ${named[$stem]})); then
      find_ content-missing "seq ${named[$stem]} $1 $stem"
    elif ((from < covered)); then
      erased=$((erased + 1))
    else
      find_ erasure-unsigned "seq $from $1 $stem"
    fi
  done
}
room_file() { # room, suffix, shard, path, folder
  local name=${4##*/} stem want=''
  [[ $name != *.tmp ]] || return 0
  stem=${name%"$2"}
  case $3 in first) want=${stem:0:2} ;; last) want=${stem: -2} ;; esac
  if [[ -f $4 && ! -L $4 && $name == "$stem$2" && $5 == "$want" ]] &&
    { [[ $1 != meta && $stem =~ ^[0-9a-f]{64}$ ]] ||
      [[ $1 == meta && $stem =~ ^$uuid$ ]]; }; then
    files+=("${5:+$5/}$name") stems+=("$stem")
  else
    find_ extra-file "$1/${5:+$5/}$name"
  fi
}
room "$blobs" .eml "$blob_shard" blob_at
room meta .json "$meta_shard" meta_at
room context .json '' context_at
room notes .json '' note_at
room quarantine-tail .bin '' tail_at
((part)) || for path in "$root"/*; do
  case ${path##*/} in
    origin | chain | blobs | meta | context | notes | quarantine-tail | checkpoints | checkpoint | keys | *.tmp) ;;
    *) find_ extra-file "${path##*/}" ;;
  esac
done

# ---- result ------------------------------------------------------------------------------------------------------------
if ((!broken)); then
  ((!open_batch)) || find_ torn-tail "seq $records"
  ((covered >= records && records > 0)) || find_ uncovered "seq $covered ($((records - covered)))"
fi
sum="$records records ($covered under a signature), $good checkpoints, ${#rotated[@]} key rolls, $messages messages"
sum+=", $erased erased, $boots boots, $witnesses witnesses"
sum+=" / 記録 $records 件（署名の範囲 $covered 件）"
if ((failed)); then result=FAIL status=1; elif ((unsigned)); then result=UNSIGNED status=2; else result=OK status=0; fi
printf '%s: %s\n' "$result" "$sum"
for line in ${findings[@]+"${findings[@]}"}; do printf '%s\n' "$line"; done
from_base64 "$genesis" && escaped "$REPLY"
# shellcheck disable=SC2059
key=$(printf "$REPLY" | sha256sum)
printf 'first key believed / 信じた最初の鍵: SHA-256 %s\n' "${key%% *}"
for word in ${said[@]+"${!said[@]}"}; do printf '[%s] (%d) %s\n' "$word" "${said[$word]}" "${legend[$word]}"; done
if ((part)); then
  printf 'a bundle: content that belongs to other cases is not in it, and was not asked for\n'
  printf '証拠一式: ほかの事案のファイルは入っていないので、調べていません\n'
fi
if ((${#outside[@]} == 0)); then
  printf 'no outside.note: a record that was cut back to an earlier state as a whole looks right\n'
  printf '外の控えなし: 末尾を切り落として古い状態に戻されても、見分けられません\n'
fi
exit "$status"
