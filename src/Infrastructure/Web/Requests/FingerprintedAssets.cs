using System.Collections.Frozen;
using Microsoft.AspNetCore.StaticAssets;

namespace PatientResponse.Infrastructure.Web.Requests;

/// <summary>The addresses that hold a file's fingerprint, which a browser keeps for good. Kept with the endpoints of pages.</summary>
public sealed class FingerprintedAssets
{
    private readonly FrozenDictionary<string, string> _addresses;

    private FingerprintedAssets(IEnumerable<KeyValuePair<string, string>> addresses) => _addresses = addresses.ToFrozenDictionary();

    /// <summary>After <c>MapStaticAssets</c>.</summary>
    public static FingerprintedAssets Of(IEndpointRouteBuilder app) => new(
        from endpoint in app.DataSources.SelectMany(source => source.Endpoints)
        let file = endpoint.Metadata.GetMetadata<StaticAssetDescriptor>()
        where file is not null && file.Selectors.Count == 0
        from property in file.Properties
        where property.Name == "label"
        select KeyValuePair.Create(property.Value, file.Route));

    /// <summary>The address itself where a file has no fingerprint.</summary>
    public string this[string file] => "/" + _addresses.GetValueOrDefault(file, file);
}

public static class Assets
{
    /// <summary>The address of a file of wwwroot, for the page that this request gets.</summary>
    public static string Asset(this HttpContext? context, string file) =>
        context?.GetEndpoint()?.Metadata.GetMetadata<FingerprintedAssets>()?[file] ?? "/" + file;
}
