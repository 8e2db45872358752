import type { Namespace } from "../../kinds/schema/types.ts";
import { forbidden, notFound, StatusError } from "../status.ts";
import { type AdmissionContext, type AdmissionPlugin, refuse, stored } from "./plugin.ts";

const IMMORTAL = new Set(["default", "kube-system", "kube-public"]);

/**
 * Objects are created in namespaces that exist and are not being deleted; three namespaces are never deleted.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle`.
 */
export function namespaceLifecycle({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: "NamespaceLifecycle",
    admit(attributes) {
      const { operation, group, kind, name, namespace } = attributes;
      if (group === "" && kind === "Namespace") {
        if (operation === "DELETE" && IMMORTAL.has(name)) {
          throw forbidden({ group: "", name: "namespaces" }, name, "this namespace may not be deleted");
        }
        return;
      }
      if (namespace === "" || operation === "DELETE") return;
      // Whether the namespace is there would be told to somebody who may not know it.
      if (group === "authorization.k8s.io" && kind === "LocalSubjectAccessReview") return;
      const found = stored<Namespace>(store, "namespaces", namespace);
      if (found === undefined) throw notFound({ group: "", name: "namespaces" }, namespace);
      if (operation !== "CREATE" || found.status?.phase !== "Terminating") return;
      const refusal = refuse(
        attributes,
        `unable to create new content in namespace ${namespace} because it is being terminated`,
      );
      const cause = {
        reason: "NamespaceTerminating",
        message: `namespace ${namespace} is being terminated`,
        field: "metadata.namespace",
      };
      const { status } = refusal;
      throw new StatusError({ ...status, details: { ...status.details, causes: [cause] } });
    },
  };
}
