// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// C# 7 has no annotations of null.
#pragma warning disable CS8600, CS8601, CS8602, CS8603, CS8604, CS8606, CS8625

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace CrmLeadApi
{
    /// <summary>
    /// Read and write JSON with the reader and writer that .NET Framework, .NET and Mono
    /// have; they show JSON as XML. Objects are dictionaries, arrays are lists.
    /// </summary>
    public static class LeadApiJson
    {
        /// <exception cref="FormatException">the text is not JSON</exception>
        public static object Read(string text)
        {
            try
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                using (var reader = JsonReaderWriterFactory.CreateJsonReader(
                    bytes, XmlDictionaryReaderQuotas.Max))
                {
                    return Read(XElement.Load(reader, LoadOptions.PreserveWhitespace));
                }
            }
            catch (XmlException error)
            {
                throw new FormatException("The text is not JSON.", error);
            }
        }

        /// <summary>Return null for a text that is not JSON.</summary>
        public static object TryRead(string text)
        {
            try
            {
                return Read(text);
            }
            catch (FormatException)
            {
                return null;
            }
        }

        /// <summary>Return an attribute, or null if there is none.</summary>
        public static object Get(IDictionary<string, object> attributes, string name) =>
            attributes.TryGetValue(name, out var value) ? value : null;

        private static object Read(XElement element)
        {
            switch ((string)element.Attribute("type"))
            {
                case "object":
                    // A name that is none in XML is in an attribute.
                    return element.Elements().ToDictionary(
                        each => (string)each.Attribute("item") ?? each.Name.LocalName, Read);
                case "array":
                    return element.Elements().Select(Read).ToList();
                case "boolean":
                    return (bool)element;
                case "null":
                    return null;
                case "number":
                    if (long.TryParse(
                        element.Value,
                        NumberStyles.AllowLeadingSign,
                        CultureInfo.InvariantCulture,
                        out var number))
                    {
                        return number;
                    }
                    return (double)element;
                default:
                    return element.Value;
            }
        }

        /// <exception cref="ArgumentException">an object has no form in JSON</exception>
        public static string Write(object value)
        {
            using (var stream = new MemoryStream())
            {
                using (var writer = JsonReaderWriterFactory.CreateJsonWriter(stream))
                {
                    writer.WriteStartElement("root");
                    Write(writer, value);
                    writer.WriteEndElement();
                }
                return Encoding.UTF8.GetString(stream.ToArray());
            }
        }

        private static void Write(XmlDictionaryWriter writer, object value)
        {
            if (value is string text)
            {
                writer.WriteString(text);
                return;
            }
            writer.WriteAttributeString("type", GetKind(value));
            if (value is IDictionary<string, object> attributes)
            {
                foreach (var attribute in attributes)
                {
                    writer.WriteStartElement("a", "item", "item");
                    writer.WriteAttributeString("item", attribute.Key);
                    Write(writer, attribute.Value);
                    writer.WriteEndElement();
                }
            }
            else if (value is IEnumerable items)
            {
                foreach (var item in items)
                {
                    writer.WriteStartElement("item");
                    Write(writer, item);
                    writer.WriteEndElement();
                }
            }
            else if (value is bool truth)
            {
                writer.WriteValue(truth);
            }
            else if (value != null)
            {
                writer.WriteString(Convert.ToString(value, CultureInfo.InvariantCulture));
            }
        }

        private static string GetKind(object value)
        {
            if (value == null)
                return "null";
            if (value is bool)
                return "boolean";
            if (value is int || value is long || value is double || value is decimal)
                return "number";
            if (value is IDictionary<string, object>)
                return "object";
            if (value is IEnumerable)
                return "array";
            throw new ArgumentException(
                $"{value} is a {value.GetType()}: send a text, a number, a bool, a list, or a"
                + " Dictionary<string, object>.");
        }
    }
}
