<?php
// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// Uses the sample as setup/client_cases asks: a JSON object in each line.

declare(strict_types=1);

require __DIR__ . '/LeadApi.php';

function show(array $object): void
{
    fwrite(STDOUT, json_encode($object, JSON_UNESCAPED_UNICODE) . "\n");
}

function makeApi(array $settings): LeadApi
{
    $retry = $settings['retry'] ?? [];
    $options = array_filter([
        'attempts' => $retry['attempts'] ?? null,
        'firstPause' => $retry['first_pause'] ?? null,
        'maxPause' => $retry['max_pause'] ?? null,
        'timeout' => $settings['timeout'] ?? null,
        'language' => $settings['language'] ?? null,
        'database' => $settings['database'] ?? null,
    ], fn ($value) => $value !== null);
    // The case decides how long a pause is.
    $sleep = function (float $seconds): void {
        show(['pause' => $seconds]);
        fgets(STDIN);
    };
    return new LeadApi($settings['url'], $settings['token'], ...$options, sleep: $sleep);
}

function call(LeadApi $api, array $command): mixed
{
    ['method' => $method, 'args' => $args] = $command;
    if ($method === 'put_recording') {
        $args[1] = base64_decode($args[1]);
    }
    if (isset($command['query'])) {
        $args[] = $command['query'];
    }
    $options = [];
    foreach ($command['options'] ?? [] as $name => $value) {
        $options[$name === 'idempotency_key' ? 'key' : toCamel($name)] = $value;
    }
    return $api->{toCamel($method)}(...$args, ...$options);
}

function toCamel(string $name): string
{
    return lcfirst(str_replace('_', '', ucwords($name, '_')));
}

function describe(mixed $result): array
{
    if (!$result instanceof LeadApiAnswer) {
        return ['data' => match (true) {
            is_string($result) => base64_encode($result),
            is_array($result) => $result,
            default => iterator_to_array($result, false),
        }];
    }
    $headers = $result->headers;
    $names = array_filter(explode(',', $headers['x-ignored-fields'] ?? ''));
    return [
        'data' => $result->data,
        'etag' => $headers['etag'] ?? null,
        'is_replayed' => ($headers['idempotency-replayed'] ?? '') === 'true',
        'lead_state' => $headers['x-lead-state'] ?? null,
        'ignored_fields' => array_map('rawurldecode', array_map('trim', $names)),
    ];
}

while (($line = fgets(STDIN)) !== false) {
    $command = json_decode($line, true);
    try {
        $answer = $command['method'] === 'read_event'
            ? ['data' => LeadApi::readEvent(...$command['args'])]
            : describe(call(makeApi($command['settings']), $command));
        show(['answer' => $answer]);
    } catch (LeadApiError $error) {
        show(['error' => [
            'status' => $error->status,
            'type' => $error->type,
            'message' => $error->getMessage(),
            'errors' => $error->errors,
            'body' => $error->body,
            'retry_after' => $error->retryAfter,
        ]]);
    } catch (UnexpectedValueException $error) {
        show(['error' => [
            'type' => 'WebhookVerificationError',
            'message' => $error->getMessage(),
        ]]);
    } catch (ValueError $error) {
        show(['error' => ['type' => 'ValueError', 'message' => $error->getMessage()]]);
    }
}
