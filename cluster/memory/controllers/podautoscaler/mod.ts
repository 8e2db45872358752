/**
 * Sizes workloads by what their pods use.
 *
 * Source: `pkg/controller/podautoscaler`.
 */
import { splitKey } from "../../api/informer.ts";
import { horizontalPodAutoscalers as autoscalerKind, pods as podKind } from "../../api/kind_refs.ts";
import type { HorizontalPodAutoscaler, Pod } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, keyOfObject, reconcileQueue, recorderOf } from "../controller.ts";
import { indexByLabels } from "../label_index.ts";
import { ScaleHistory } from "./normalize.ts";
import { reconcile } from "./reconcile.ts";

/** Milliseconds between two looks; the first comes as late. */
const PERIOD = 15_000;

export function startHorizontalPodAutoscaler(context: ControllerContext): Controller {
  const { informers } = context;
  const autoscalers = informers.for<HorizontalPodAutoscaler>(autoscalerKind);
  const pods = indexByLabels(informers.for<Pod>(podKind));
  const recorder = recorderOf(context, "horizontal-pod-autoscaler");
  const histories = new Map<string, ScaleHistory>();

  const queue = reconcileQueue(context, async (key) => {
    const { namespace, name } = splitKey(key);
    const autoscaler = autoscalers.get(namespace, name);
    if (autoscaler === undefined) return void histories.delete(key);
    const history = histories.get(key) ?? new ScaleHistory();
    histories.set(key, history);
    // Whatever comes of it, it is looked at again: usage changes without anybody's word.
    queue.addAfter(key, PERIOD, true);
    try {
      await reconcile({ context, recorder, pods, autoscalers, history }, autoscaler);
    } catch (error) {
      context.report(error);
    }
  });
  const add = (autoscaler: HorizontalPodAutoscaler) => queue.addAfter(keyOfObject(autoscaler), PERIOD, true);
  autoscalers.on({
    added: add,
    updated: (autoscaler) => add(autoscaler),
    deleted: (autoscaler) => queue.add(keyOfObject(autoscaler)),
  });
  return queue;
}
