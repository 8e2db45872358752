/** How a CustomResourceDefinition says that its versions are converted. Source: as custom_resource_definition_validation.ts. */
import { child, type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { dns1035Label } from "../names.ts";
import type { CustomResourceConversion } from "../schema/types.ts";
import { validateClientConfig } from "../webhook_client.ts";

const REVIEWS = ["v1", "v1beta1"];

export function validateConversion(conversion: CustomResourceConversion | undefined, path: string): FieldError[] {
  if (conversion === undefined) return [];
  const { strategy, webhook } = conversion;
  const errors: FieldError[] = [];
  if (!strategy) errors.push(required(child(path, "strategy")));
  else if (!["None", "Webhook"].includes(strategy)) {
    errors.push(notSupported(child(path, "strategy"), strategy, ["None", "Webhook"]));
  }
  const client = child(path, "webhookClientConfig");
  const reviews = child(path, "conversionReviewVersions");
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy !== "Webhook") {
    const why = "should not be set when strategy is not set to Webhook";
    if (webhook?.clientConfig !== undefined) errors.push(forbidden(client, why));
    if (versions.length > 0) errors.push(forbidden(reviews, why));
    return errors;
  }
  const config = webhook?.clientConfig;
  if (config === undefined) errors.push(required(client, "required when strategy is set to Webhook"));
  else errors.push(...validateClientConfig(config, client));
  return [...errors, ...reviewErrors(versions, reviews)];
}

function reviewErrors(versions: readonly string[], path: string): FieldError[] {
  if (versions.length === 0) return [required(path)];
  const errors: FieldError[] = [];
  versions.forEach((version, i) => {
    if (versions.indexOf(version) < i) errors.push(invalid(child(path, i), version, "duplicate version"));
    else errors.push(...dns1035Label(version).map((why) => invalid(child(path, i), version, why)));
  });
  if (!versions.some((version) => REVIEWS.includes(version))) {
    errors.push(invalid(path, versions, `must include at least one of ${REVIEWS.join(", ")}`));
  }
  return errors;
}
