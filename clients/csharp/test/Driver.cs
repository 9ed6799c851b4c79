// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// Uses the sample as setup/client_cases asks: a JSON object in each line.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using CrmLeadApi;
using Attributes = System.Collections.Generic.IDictionary<string, object>;
using Map = System.Collections.Generic.Dictionary<string, object>;

internal static class Driver
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false);
    private static readonly TextReader Input =
        new StreamReader(Console.OpenStandardInput(), Utf8);
    private static readonly TextWriter Output =
        new StreamWriter(Console.OpenStandardOutput(), Utf8) { AutoFlush = true };

    private static void Main() => Run().GetAwaiter().GetResult();

    private static async Task Run()
    {
        Trace.Listeners.Add(new TextWriterTraceListener(Console.Error));
        Trace.AutoFlush = true;
        for (var line = Input.ReadLine(); line != null; line = Input.ReadLine())
        {
            try
            {
                var command = (Attributes)LeadApiJson.Read(line);
                Show("answer", await Answer(command));
            }
            catch (LeadApiException error)
            {
                Show("error", new Map
                {
                    ["status"] = error.Status,
                    ["type"] = error.Type,
                    ["message"] = error.Message,
                    ["errors"] = error.Errors,
                    ["retry_after"] = error.RetryAfter,
                });
            }
            catch (CryptographicException error)
            {
                Show("error", new Map
                {
                    ["type"] = "WebhookVerificationError",
                    ["message"] = error.Message,
                });
            }
            catch (ArgumentException error)
            {
                Show("error", new Map { ["type"] = "ValueError", ["message"] = error.Message });
            }
        }
    }

    private static void Show(string kind, object value) =>
        Output.WriteLine(LeadApiJson.Write(new Map { [kind] = value }));

    private static LeadApi MakeApi(Attributes settings)
    {
        var retry = LeadApiJson.Get(settings, "retry") as Attributes ?? new Map();
        return new LeadApi(
            (string)settings["url"],
            (string)settings["token"],
            (int)GetNumber(retry, "attempts", 5),
            GetNumber(retry, "first_pause", 0.5),
            GetNumber(retry, "max_pause", 120),
            GetNumber(settings, "timeout", 60),
            LeadApiJson.Get(settings, "language") as string ?? "en",
            WaitForCase);
    }

    private static double GetNumber(Attributes values, string name, double otherwise) =>
        Convert.ToDouble(LeadApiJson.Get(values, name) ?? otherwise);

    // The case decides how long a pause is.
    private static Task WaitForCase(TimeSpan pause)
    {
        Show("pause", pause.TotalSeconds);
        return Input.ReadLineAsync();
    }

    private static async Task<Map> Answer(Attributes command)
    {
        var method = (string)command["method"];
        var args = (List<object>)command["args"];
        if (method == "read_event")
        {
            var headers = new Map((Attributes)args[1], StringComparer.OrdinalIgnoreCase);
            var data = LeadApiEvent.Read(
                (string)args[0], name => LeadApiJson.Get(headers, name) as string, (string)args[2]);
            return new Map { ["data"] = data };
        }
        var query = LeadApiJson.Get(command, "query") as Attributes ?? new Map();
        var options = LeadApiJson.Get(command, "options") as Attributes ?? new Map();
        using (var api = MakeApi((Attributes)command["settings"]))
        {
            switch (method)
            {
                case "create_leads":
                    var leads = ((List<object>)args[0]).Cast<Attributes>().ToList();
                    var atomic = LeadApiJson.Get(options, "atomic") as bool? ?? false;
                    var size = (int)GetNumber(options, "size", 1000);
                    var results = await api.CreateLeadsAsync(leads, atomic, size);
                    return new Map { ["data"] = results };
                case "read_leads":
                    return await ReadPages(api, "/api/v1/leads", query);
                case "read_list":
                    return await ReadPages(api, $"/api/v1/ref/{args[0]}", query);
                default:
                    return Describe(await Send(api, method, args, query, options));
            }
        }
    }

    private static Task<LeadApiAnswer> Send(
        LeadApi api, string method, List<object> args, Attributes query, Attributes options)
    {
        var path = "/api/v1/lead";
        var first = args.ElementAtOrDefault(0);
        var body = args.LastOrDefault() as Attributes;
        var key = LeadApiJson.Get(options, "idempotency_key") as string;
        var match = LeadApiJson.Get(options, "if_match") as string;
        if (Equals(LeadApiJson.Get(options, "dry_run"), true) || method == "check_lead")
            query["dry_run"] = 1;
        if (method.EndsWith("_ticket"))
            query["ticket_id"] = first;
        if (LeadApiJson.Get(query, "include") is List<object> names)
            query["include"] = string.Join(",", names);
        switch (method)
        {
            case "create_lead":
                return api.CreateLeadAsync(body, key);
            case "check_lead":
                return api.SendAsync("POST", path, query, body);
            case "put_lead":
                return api.WriteAsync("PUT", path, body, query, key, match);
            case "change_lead":
                return api.WriteAsync("PATCH", $"{path}/{first}", body, query, key, match);
            case "change_lead_of_ticket":
                return api.WriteAsync("PATCH", path, body, query, key, match);
            case "create_note":
                return api.WriteAsync("POST", $"{path}/{first}/notes", body, query, key);
            case "create_note_of_ticket":
                return api.WriteAsync("POST", $"{path}/notes", body, query, key);
            case "read_lead":
                return api.SendAsync("GET", $"{path}/{first}");
            case "read_ticket":
                return api.SendAsync("GET", path, query);
            case "read_customers":
                return api.SendAsync("GET", "/api/v1/customers", query);
            case "read_me":
                return api.SendAsync("GET", "/api/v1/me");
            case "read_lists":
                return api.SendAsync("GET", "/api/v1/ref");
            case "send":
                return api.SendAsync((string)first, (string)args[1]);
            default:
                throw new NotSupportedException(method);
        }
    }

    private static async Task<Map> ReadPages(LeadApi api, string path, Attributes query)
    {
        var items = new List<object>();
        await api.ReadPagesAsync(path, query, item =>
        {
            items.Add(item);
            return Task.CompletedTask;
        });
        return new Map { ["data"] = items };
    }

    private static Map Describe(LeadApiAnswer answer)
    {
        var ignored = (GetHeader(answer, "X-Ignored-Fields") ?? "").Split(',');
        return new Map
        {
            ["data"] = answer.Data,
            ["etag"] = GetHeader(answer, "ETag"),
            ["is_replayed"] = GetHeader(answer, "Idempotency-Replayed") == "true",
            ["lead_state"] = GetHeader(answer, "X-Lead-State"),
            ["ignored_fields"] = ignored
                .Select(each => Uri.UnescapeDataString(each.Trim()))
                .Where(each => each != ""),
        };
    }

    private static string GetHeader(LeadApiAnswer answer, string name) =>
        answer.Headers.TryGetValue(name, out var value) ? value : null;
}
