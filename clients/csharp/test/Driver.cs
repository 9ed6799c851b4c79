// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// Uses the sample as setup/client_cases asks: a JSON object in each line.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
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
                    ["body"] = error.Body,
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
            (int)GetNumber(retry, "attempts", 8),
            GetNumber(retry, "first_pause", 0.5),
            GetNumber(retry, "max_pause", 120),
            GetNumber(settings, "timeout", 60),
            LeadApiJson.Get(settings, "language") as string ?? "en",
            WaitForCase,
            LeadApiJson.Get(settings, "database") as string);
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
        if (method == "put_recording")
            args[1] = Convert.FromBase64String((string)args[1]);
        if (LeadApiJson.Get(command, "query") is Attributes query)
            args.Add(query);
        var options = LeadApiJson.Get(command, "options") as Attributes ?? new Map();
        using (var api = MakeApi((Attributes)command["settings"]))
        {
            var items = new List<object>();
            var call = typeof(LeadApi).GetMethod(ToName(method) + "Async");
            var values = call.GetParameters().Select((parameter, index) =>
                index < args.Count ? Fit(args[index], parameter.ParameterType)
                : parameter.ParameterType == typeof(Func<Attributes, Task>) ? Collect(items)
                : GetOption(options, parameter));
            var task = (Task)call.Invoke(api, values.ToArray());
            await task;
            if (task is Task<LeadApiAnswer> answer)
                return Describe(answer.Result);
            object data = items;
            if (task is Task<List<Attributes>> results)
                data = results.Result;
            else if (task is Task<byte[]> sound)
                data = Convert.ToBase64String(sound.Result);
            return new Map { ["data"] = data };
        }
    }

    private static string ToName(string method) =>
        string.Concat(method.Split('_').Select(word => char.ToUpper(word[0]) + word.Substring(1)));

    private static object Fit(object value, Type type) =>
        value is List<object> list && type != typeof(object)
            ? list.Cast<Attributes>().ToList()
            : value;

    private static Func<Attributes, Task> Collect(List<object> items) => item =>
    {
        items.Add(item);
        return Task.CompletedTask;
    };

    private static object GetOption(Attributes options, ParameterInfo parameter)
    {
        var name = parameter.Name == "key"
            ? "idempotency_key"
            : Regex.Replace(parameter.Name, "[A-Z]", letter => "_" + letter.Value.ToLower());
        var value = LeadApiJson.Get(options, name);
        if (value == null)
            return parameter.HasDefaultValue ? parameter.DefaultValue : new Map();
        return value is long number ? Convert.ToInt32(number) : value;
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
