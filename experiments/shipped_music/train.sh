#!/usr/bin/env bash
# Trains the shipped music networks: ./train.sh MUSIC RUNS [lstm|bilstm_attention ...]
# MUSIC: folder with classical/ jazz/ pop/ as data.root; RUNS: where run folders go. One core each.
# What is there already is left alone, so a broken-off call goes on with the next stage.
set -euo pipefail
music=$1 runs=$2
shift 2
export OMP_NUM_THREADS=1
common=(
  data=midi "data.root=$music" "data.exclude=[vgmidi/*,jazz/joplin_kern_NC/*]"
  trainer.threads=1 callbacks=none trainer.precision=32-true model.half=true
)
falling=(optimizer.schedule=cosine optimizer.warmup=0.05)

# train FOLDER OVERRIDES...
train() {
  local folder=$1
  shift
  [ -e "$runs/$folder/done" ] && return
  python -m mood2music.train "${common[@]}" "$@" hydra.run.dir="$runs/$folder"
  touch "$runs/$folder/done"
}

for model in "${@:-lstm}"; do (
  if [ "$model" = lstm ]; then
    first=("${falling[@]}" trainer.epochs=8 optimizer.lr=0.003 model.encoder.dropout=0.1)
    second=(optimizer.warmup=0.05 trainer.epochs=5 optimizer.lr=0.0015 model.encoder.dropout=0.05)
    third=("${falling[@]}" trainer.epochs=3 optimizer.lr=0.0015 model.encoder.dropout=0.1)
    tuned=("${falling[@]}" trainer.epochs=3 optimizer.lr=0.0005 model.encoder.dropout=0.1)
  else
    # A little narrower, so that all shipped weights stay below 40 MB.
    common+=(
      model.encoder.hidden=224 model.encoder.embedding=224 model.encoder.dropout=0.05
      data.batch_size=256 data.epoch=32000
    )
    first=("${falling[@]}" trainer.epochs=6 optimizer.lr=0.001 model.encoder.dropout=0.1)
    second=("${falling[@]}" trainer.epochs=3 optimizer.lr=0.001)
    third=("${falling[@]}" trainer.epochs=5 optimizer.lr=0.001)
    tuned=("${falling[@]}" trainer.epochs=1 optimizer.lr=0.0003 data.epoch=20000)
  fi
  from() { echo "model.init=$runs/${model}_$1/best.safetensors"; }
  train "${model}_first" model="$model" "${first[@]}"
  train "${model}_second" model="$model" "${second[@]}" "$(from first)"
  train "${model}_base" model="$model" "${third[@]}" "$(from second)"
  for style in jazz classical pop; do
    train "${model}_$style" model="$model" "${tuned[@]}" "data.include=[$style/*]" "$(from base)"
  done
) done
